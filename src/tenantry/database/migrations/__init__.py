"""The schema's history, forward only: `NNNN_pre_*.sql` before new code runs, `NNNN_post_*.sql` after."""
