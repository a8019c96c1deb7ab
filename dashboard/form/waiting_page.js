import { waitingList } from "./waiting.js";

waitingList(document.querySelector("#waiting"));
