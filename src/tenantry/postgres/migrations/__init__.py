"""The schema's history: `NNNN_pre_*.sql` before new code runs, `NNNN_post_*.sql` after."""
