// A button that asks the tablet for its position and hands over latitude, longitude, accuracy in metres.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.textContent = data.taken ? data.again : data.ask;
  said.textContent = data.taken;
  said.setAttribute("role", "status");
  button.addEventListener("click", () => {
    said.textContent = data.taking;
    if (!navigator.geolocation) {
      said.textContent = data.refused;
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setTriggerValue("taken", [coords.latitude, coords.longitude, coords.accuracy]),
      () => { said.textContent = data.refused; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  });
  root.replaceChildren(button, said);
}
