"""The door of time: what happens without anybody asking, and when."""
