"""The floor of a recoloured map: st_folium with the same polygons and nothing else."""

import folium
import streamlit as st
from streamlit_folium import st_folium

from dashboard.map.schematic import cells
from data_model.core.database import Database
from data_model.units.units import all_units


@st.cache_resource
def polygons() -> dict:
    with Database().reading() as session:
        units = [u for u in all_units(session) if u.place == "duc_pho" and u.valid_to and u.code != "duc_pho"]
    shapes = cells(units)
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"code": u.code}, "geometry": shapes[u.id]} for u in units],
    }


if st.button("Again"):
    st.session_state["dark"] = not st.session_state.get("dark")
dark = st.session_state.get("dark")
base = folium.Map(location=(14.79, 108.96), zoom_start=11, tiles=None)
colour = "#1f6f54" if dark else "#f0b429"
group = folium.FeatureGroup(name="units")
group.add_child(folium.GeoJson(polygons(), style_function=lambda feature: {"fillColor": colour, "weight": 1}))
st_folium(
    base, feature_group_to_add=group, returned_objects=["last_active_drawing"], height=500, use_container_width=True
)
