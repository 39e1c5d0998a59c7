"""Other people's libraries in processes of their own: they verify our tokens by discovery alone."""
