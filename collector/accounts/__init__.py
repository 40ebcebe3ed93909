"""Who may come in: people, their roles, sign-in, enrolment codes and phones."""
