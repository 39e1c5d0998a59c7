"""What happened: one event for every act, written in the act's own transaction, never changed."""
