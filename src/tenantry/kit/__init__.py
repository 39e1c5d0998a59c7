"""The ground under the rooms: ids, text, secrets, refusals, pages, the clock."""
