/** Where one is in the page: a hash, so that reload and Back work under any address. It never has a secret in it. */

export type Place =
  | { name: "make" }
  | { name: "making"; operation: string }
  | { name: "draft" }
  | { name: "agents" }
  | { name: "agent"; id: string }
  | { name: "history"; id: string };

export function placeOf(hash: string): Place {
  const [name, id, rest] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (name === "making" && id) return { name, operation: id };
  if (name === "draft") return { name };
  if (name === "agents" && id) return { name: rest === "history" ? "history" : "agent", id };
  if (name === "agents") return { name };
  return { name: "make" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

export function hashOf(place: Place): string {
  switch (place.name) {
    case "making":
      return `#/making/${encodeURIComponent(place.operation)}`;
    case "agent":
      return `#/agents/${encodeURIComponent(place.id)}`;
    case "history":
      return `#/agents/${encodeURIComponent(place.id)}/history`;
    case "make":
      return "#/";
    default:
      return `#/${place.name}`;
  }
}
