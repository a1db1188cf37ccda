import { apiUrl } from "./address.ts";

const heading = document.createElement("h1");
heading.textContent = document.title;
const address = document.createElement("p");
address.textContent = apiUrl().href;
document.getElementById("page")?.replaceChildren(heading, address);
