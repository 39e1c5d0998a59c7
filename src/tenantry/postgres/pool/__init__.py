"""A bounded pool of connections to one of several servers, and its queue of waiting callers."""
