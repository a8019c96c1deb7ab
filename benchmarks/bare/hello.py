"""The floor of a rerun: a hello-world page with Streamlit's stock settings."""

import streamlit as st

st.write("Hello, world")
st.button("Again")
