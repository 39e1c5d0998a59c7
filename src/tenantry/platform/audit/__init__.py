"""The audit log: one event for each change, written in the same transaction.

Events never change, except that an erasure removes a person's name and address.
"""
