"""What happened: one event for every act, written in the act's own transaction.

Nothing changes it afterwards but an erasure, which takes a person's name and address out of it.
"""
