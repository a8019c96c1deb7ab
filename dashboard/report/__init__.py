"""A frozen quarter as files: Word, Excel, PDF and one page as a picture, all made from one report."""
