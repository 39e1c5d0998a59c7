"""What ends while others lean on it: a role is replaced, a workspace leaves open invitations."""
