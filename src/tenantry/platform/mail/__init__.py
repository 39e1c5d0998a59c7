"""What must be sent: letters that leave with the commit, and reach their reader at least once."""
