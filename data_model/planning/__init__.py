"""How a plan is made: its content as a value, the sheets it is written in, what a check finds, its draft, its issue."""
