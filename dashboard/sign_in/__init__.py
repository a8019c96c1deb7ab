"""The plain pages before Streamlit: sign-in, one-time link, an organisation's own sign-in."""
