"""Background work: sending email, and housekeeping."""
