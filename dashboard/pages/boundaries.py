import streamlit as st
from data_model.access import Actor


def draw(actor: Actor) -> None:
    st.write("boundaries")
