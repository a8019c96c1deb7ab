"""A plan as issued: its tables, the view that counting and pages read, its rules and its phasing."""
