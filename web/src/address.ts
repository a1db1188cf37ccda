/** The API's address, with a slash at its end. It is where the script comes from, without `assets/`, unless the page names it. */
export function addressFrom(script: string, named: string): URL {
  return new URL(named ? named.replace(/\/*$/, "/") : "..", script);
}

export function apiUrl(): URL {
  const named = document.querySelector<HTMLMetaElement>('meta[name="api-url"]')?.content ?? "";
  return addressFrom(import.meta.url, named);
}
