/** Texts that the page makes out of numbers, times and names. */

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** "a", "a and b", "a, b and c". */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** At most `most` characters, cut between code points. */
export function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  const points = [...line];
  return points.length <= most ? line : `${points.slice(0, most - 1).join("").trimEnd()}…`;
}

/** "0.4 s", "12 s", "2 min 5 s". */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

const UNITS: [number, string][] = [[60, "minute"], [60, "hour"], [24, "day"]];

/** "just now", "5 minutes ago", and a date for what is older than a week. */
export function ago(time: string, now: number): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return time;
  let passed = (now - then) / 1000;
  if (passed < 45) return "just now";
  let unit = "second";
  for (const [factor, next] of UNITS) {
    if (passed < factor) break;
    passed /= factor;
    unit = next;
  }
  if (unit === "day" && passed >= 7) return new Date(then).toLocaleDateString("en", { dateStyle: "medium" });
  return `${counted(Math.round(passed), unit)} ago`;
}

/** "ExtractWebsiteContentBlock" -> "Extract website content"; abbreviations stay: "AITextSummarizerBlock" -> "AI text summarizer". */
export function blockTitle(name: string): string {
  const words = name.replace(/Block$/, "").split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\s]+/);
  const told = words.filter(Boolean).map((word, index) => (index === 0 || /^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()));
  return told.join(" ") || name;
}

const PROVIDERS: Record<string, string> = {
  openai: "OpenAI", github: "GitHub", open_router: "OpenRouter", aiml_api: "AI/ML API", linkedin: "LinkedIn", hubspot: "HubSpot", smtp: "SMTP", youtube: "YouTube", wordpress: "WordPress",
};

/** "google_sheets" -> "Google sheets". */
export function providerTitle(provider: string): string {
  const known = PROVIDERS[provider];
  if (known) return known;
  const words = provider.replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The common shapes of a cron expression in words; any other as it is. */
export function schedule(cron: string): string {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...more] = cron.trim().split(/\s+/);
  if (more.length > 0 || month !== "*") return cron;
  const every = /^\*\/(\d+)$/;
  if (day === "*" && weekday === "*" && hour === "*") {
    const found = every.exec(minute);
    if (minute === "*") return "Every minute";
    if (found) return `Every ${found[1]} minutes`;
    if (minute === "0") return "Every hour";
  }
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return cron;
  const time = `at ${hour}:${minute.padStart(2, "0")}`;
  if (day === "*" && weekday === "*") return `Every day ${time}`;
  if (day === "*" && weekday === "1-5") return `Every weekday ${time}`;
  if (day === "*" && /^[0-7](,[0-7])*$/.test(weekday)) {
    return `Every ${joined(weekday.split(",").map((number) => DAYS[Number(number) % 7] ?? number))} ${time}`;
  }
  if (/^\d+$/.test(day) && weekday === "*") return `On day ${day} of every month ${time}`;
  return cron;
}

/** A UUID. `crypto.randomUUID` is missing on pages that came over plain http from another machine. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
