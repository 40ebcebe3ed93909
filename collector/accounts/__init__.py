"""Who may come in: people, their roles, places and sign-in, and the codes, cards and phones of volunteers."""
