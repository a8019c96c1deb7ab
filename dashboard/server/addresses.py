"""What an address may ask for, read as what it is."""



def row_number(typed: str | None) -> int | None:
    """The number of a row that an address gives, None for anything that numbers no row of any database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None
