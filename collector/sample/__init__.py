"""The 2006 sample survey: three instruments, 66 communities, and made-up responses with the published totals."""
