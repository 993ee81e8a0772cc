"""Review: who looks at a draft by when, what a publication changed, what is scheduled, and who is told."""
