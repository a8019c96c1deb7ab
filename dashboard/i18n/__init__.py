"""The two languages: words, numbers, dates, and the catalogues of translations."""
