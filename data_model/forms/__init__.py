"""What a form is: its fields, what a record kind asks, and the differences between two sets of answers."""
