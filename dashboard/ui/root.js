// Streamlit's script would otherwise try its live connection below the page's own path first, with two errors in the console.
window.__streamlit = { BACKEND_BASE_URL: location.origin };
