// Builds the page into dist/: index.html, and assets/ with a hash of its content in each name, raw, as .gz and as .br.
//
// Usage: node build.mjs
// dist/ also works as it is on any static host: its addresses are relative.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

export const FOLDER = dirname(fileURLToPath(import.meta.url));
const DIST = join(FOLDER, "dist");
/** What index.html calls the script while it is not built. */
const SOURCE = "src/main.ts";

/**
 * Puts the stylesheet into the script as text. Asked for beside it, it would start another instance of the function that
 * serves both.
 */
const STYLE = {
  name: "style",
  setup({ initialOptions: { minify }, onLoad }) {
    onLoad({ filter: /\bstyle\.css$/ }, async ({ path }) => {
      const settings = { absWorkingDir: FOLDER, entryPoints: [path], bundle: true, minify, write: false, metafile: true };
      const { outputFiles: [built], metafile } = await esbuild.build(settings);
      return { contents: built.text, loader: "text", watchFiles: Object.keys(metafile.inputs).map((file) => join(FOLDER, file)) };
    });
  },
};

/** The settings that the build and the development server share. */
export const SETTINGS = {
  absWorkingDir: FOLDER,
  entryPoints: [SOURCE],
  bundle: true,
  format: "esm",
  // Browsers since 2023.
  target: "es2022",
  plugins: [STYLE],
  outdir: "dist/assets",
  entryNames: "[name]",
  logLevel: "warning",
};

/** index.html with the built script in place of its source. */
export async function html(script) {
  const text = await readFile(join(FOLDER, "index.html"), "utf8");
  if (!text.includes(`"${SOURCE}"`)) throw new Error(`index.html does not use "${SOURCE}"`);
  return text.replace(`"${SOURCE}"`, `"assets/${script}"`);
}

async function build() {
  await rm(DIST, { recursive: true, force: true });
  const settings = { ...SETTINGS, entryNames: "[name]-[hash]", minify: true, metafile: true };
  const { outputs } = (await esbuild.build(settings)).metafile;
  const [script] = Object.keys(outputs);
  const page = await html(script.slice("dist/assets/".length));
  await mkdir(DIST, { recursive: true });
  await writeFile(join(DIST, "index.html"), page);
  return compress(page);
}

/** Writes .gz and .br beside each asset; returns how many bytes the whole page has, gzipped. */
async function compress(page) {
  const assets = join(DIST, "assets");
  let total = gzipSync(page, { level: 9 }).length;
  for (const name of await readdir(assets)) {
    const bytes = await readFile(join(assets, name));
    const zipped = gzipSync(bytes, { level: 9 });
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(join(assets, `${name}.gz`), zipped);
    await writeFile(join(assets, `${name}.br`), brotliCompressSync(bytes, { params }));
    total += zipped.length;
  }
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`The page has ${(await build() / 1000).toFixed(1)} KB, gzipped.`);
}
