// Opens every page of a running demo in headless Chromium, as a telephone and as a desk screen,
// and fails on what a person would trip over.
//
//   node pages.mjs DEMO_JSON     the `pages` of that file ({name, url}) and the API page
//   node pages.mjs --control     pages with planted faults: each must be found
//
// Environment: CHROMIUM (default /usr/bin/chromium), SCREENSHOTS (a folder; default: none taken).
//
// A finding is: an axe-core violation of WCAG 2.0 or 2.1 A or AA, sideways scrolling at 360 px,
// a request to another origin, an error in the console, or a status other than 200. Reports are
// printed on A4 too: nothing may be cut off at the edge, and no page may be left empty. What people
// read about surveys is opened in Danish and English once as well, and the survey is answered with
// the keyboard alone, on a telephone's width.

import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const SIZES = [
  { width: 360, height: 740 },
  { width: 1280, height: 900 },
];
// What is left between the margins of an A4 page, in CSS pixels.
const PAPER = { width: 673, height: 986, printed: true };
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
// The pages that the demo has to offer, whatever else it adds.
const REQUIRED = [
  "slate", "offer", "catalogue", "round", "application",
  "survey", "rater", "reportOfBoard", "reportOfDirector", "reportOfFeedback", "certificate",
];
// Opened in every language that people read.
const SPOKEN = ["survey", "reportOfBoard", "certificate"];
const LANGUAGES = ["da-DK", "en-GB"];
// More presses than a survey of any length takes.
const MOST_PRESSES = 500;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Everything wrong with one page at one size, as `{kind, detail}`. */
async function inspect(browser, { name, url, ours = true }, size) {
  const findings = [];
  const origin = new URL(url).origin;
  const locale = size.locale ?? "sv-SE";
  const context = await browser.newContext({ viewport: size, locale, isMobile: size.width < 600 });
  const page = await context.newPage();
  page.on("console", (message) => {
    const from = message.location().url;
    // The browser asks for an icon by itself; a page need not have one.
    if (message.type() === "error" && !from.endsWith("/favicon.ico")) {
      findings.push({ kind: "console", detail: `${message.text()} (${from})` });
    }
  });
  page.on("pageerror", (error) => findings.push({ kind: "console", detail: String(error) }));
  await context.route("**/*", (route) => {
    const target = new URL(route.request().url());
    if (["data:", "blob:"].includes(target.protocol) || target.origin === origin) return route.continue();
    findings.push({ kind: "origin", detail: target.href });
    return route.abort();
  });

  if (size.printed) await page.emulateMedia({ media: "print" });
  const response = await page.goto(url, { waitUntil: "networkidle", timeout: 30_000 });
  if (response?.status() !== 200) findings.push({ kind: "status", detail: String(response?.status()) });

  // The API page is vendored, so its markup is not ours to judge; the rest of it is.
  if (ours) {
    const content = await page.evaluate(() => ({
      // A page that forgets the viewport is laid out for a desk and shrunk: wide as well.
      width: Math.max(document.documentElement.scrollWidth, window.innerWidth),
      words: document.body.innerText.trim().length,
    }));
    if (size.printed) {
      if (content.width > size.width) findings.push({ kind: "paper", detail: `${content.width} px wide on ${size.width} px of paper` });
      const file = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
      const sheets = file.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      const needed = await page.evaluate(() => document.documentElement.scrollHeight);
      // Figures are not torn apart, so pages are not full; but none is empty.
      if (sheets === 0 || sheets > 2 * Math.ceil(needed / size.height)) findings.push({ kind: "paper", detail: `${sheets} sheets` });
    }
    const language = await page.evaluate(() => document.documentElement.lang);
    if (!locale.startsWith(language)) findings.push({ kind: "language", detail: `${language} for ${locale}` });
    if (content.words === 0) findings.push({ kind: "empty", detail: "the page shows no text" });
    if (size.width === 360 && content.width > 360) findings.push({ kind: "sideways", detail: `${content.width} px wide` });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }), WCAG);
    for (const { id, help, nodes } of violations) {
      for (const node of nodes) findings.push({ kind: "axe", detail: `${id}: ${help}: ${node.target.join(" ")}` });
    }
  }
  if (process.env.SCREENSHOTS) {
    mkdirSync(process.env.SCREENSHOTS, { recursive: true });
    const view = size.printed ? "A4" : (size.locale ?? size.width);
    const file = `${name.replace(/[^a-zA-Z0-9-]+/g, "-")}-${view}.png`;
    await page.screenshot({ path: join(process.env.SCREENSHOTS, file), fullPage: true });
  }
  await context.close();
  return findings;
}

/** What the keyboard is at, once the page has scrolled to it. */
async function focused() {
  const one = document.activeElement;
  const isSeen = () => {
    const box = one.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  for (let wait = 0; wait < 20 && !isSeen(); wait += 1) await new Promise((done) => setTimeout(done, 50));
  return { tag: one.tagName, type: one.type ?? "", name: one.name ?? "", seen: isSeen() };
}

/** Answers every question of a form with the keyboard alone and sends it; what is in the way. */
async function byKeyboard(browser, url) {
  const context = await browser.newContext({ viewport: SIZES[0], locale: "sv-SE", javaScriptEnabled: true });
  const page = await context.newPage();
  const findings = [];
  await page.goto(url, { waitUntil: "networkidle", timeout: 30_000 });
  const fields = await page.evaluate(() => new Set([...document.forms[0].elements].map((one) => one.name).filter(Boolean)).size);
  const reached = new Set();
  let sent = false;
  for (let press = 0; press < MOST_PRESSES && !sent; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focused);
    if (!at.seen && at.tag !== "BODY") findings.push({ kind: "unseen", detail: `${at.tag} ${at.name}` });
    if (at.name && !reached.has(at.name)) {
      reached.add(at.name);
      if (["radio", "checkbox"].includes(at.type)) await page.keyboard.press("Space");
      else if (at.tag === "SELECT") await page.keyboard.press("ArrowDown");
      else await page.keyboard.type("Grön båt i dimma");
    }
    if (at.tag === "BUTTON") {
      const answered = page.waitForNavigation({ timeout: 10_000 });
      await page.keyboard.press("Enter");
      await answered;
      sent = true;
    }
  }
  if (reached.size < fields) findings.push({ kind: "keyboard", detail: `${reached.size} of ${fields} fields reached` });
  const thanked = sent && (await page.evaluate(() => document.querySelector(".notice.yes") !== null && document.forms.length === 0));
  if (!thanked) findings.push({ kind: "keyboard", detail: sent ? "sent, and not thanked" : "not sent" });
  await context.close();
  return findings;
}

/** A browser, for as long as it is needed. */
async function browsing(work) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Opens all pages at all sizes; gives the findings by page. */
function inspectAll(pages) {
  return browsing(async (browser) => {
    const found = [];
    for (const page of pages) {
      const sizes = page.name.startsWith("report") ? [...SIZES, PAPER] : [...SIZES];
      if (SPOKEN.includes(page.name)) sizes.push(...LANGUAGES.map((locale) => ({ ...SIZES[0], locale })));
      for (const size of sizes) found.push({ page, size, findings: await inspect(browser, page, size) });
    }
    return found;
  });
}

/** Says what was found in a view; 1 if something was. */
function told(view, findings) {
  console.log(`${findings.length === 0 ? "ok  " : "FAIL"} ${view}`);
  for (const { kind, detail } of findings) console.log(`     ${kind}: ${detail}`);
  return findings.length > 0 ? 1 : 0;
}

/** The pages of a running demo. */
async function demo(file) {
  const { address, pages } = JSON.parse(readFileSync(file, "utf8"));
  const absent = REQUIRED.filter((name) => !pages?.some((page) => page.name === name));
  if (absent.length > 0) throw new Error(`${file} names no page for: ${absent.join(", ")}`);
  const all = [...pages, { name: "docs", url: new URL("/docs", address).href, ours: false }];
  let failed = 0;
  for (const { page, size, findings } of await inspectAll(all)) {
    failed += told(`${page.name} ${size.width}x${size.height} ${size.locale ?? ""}`.trim(), findings);
  }
  // Last, since its link answers once.
  const survey = pages.find((page) => page.name === "survey");
  failed += told("survey by keyboard", await browsing((browser) => byKeyboard(browser, survey.url)));
  if (failed > 0) throw new Error(`${failed} views have findings`);
}

/** Pages with one planted fault each, and a sound one under the strictest policy. */
async function control() {
  const style = "main { max-width: 40rem } input { width: 100%; box-sizing: border-box }";
  const html = (body, css = style) =>
    `<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${css}</style></head>` +
    `<body><main><h1>Prov</h1>${body}</main></body></html>`;
  const port = await new Promise((resolve) => {
    const server = createServer((request, response) => {
      const page = planted[request.url.slice(1).split("?")[0]];
      const policy = { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'" };
      response.writeHead(page?.status ?? (page ? 200 : 404), {
        "content-type": "text/html; charset=utf-8",
        ...(page?.strict ? policy : {}),
      });
      response.end(page?.body);
    });
    server.listen(0, "127.0.0.1", () => resolve(server.unref().address().port));
  });
  const planted = {
    sound: { body: html(`<form method="post"><label for="n">Namn</label><input id="n"><button>Skicka</button></form>`), strict: true },
    axe: { body: html(`<form method="post"><input><button>Skicka</button></form>`) },
    contrast: { expect: "axe", body: html(`<p class="pale">Svag text</p>`, ".pale { color: #bbb; background: #fff }") },
    sideways: { body: html(`<div class="wide">Bred</div>`, ".wide { width: 30rem }") },
    unscaled: { expect: "sideways", body: html("<p>Liten</p>").replace(/<meta name="viewport"[^>]*>/, "") },
    origin: { body: html(`<img alt="Bild" src="http://localhost:${port}/sound">`) },
    console: { body: html(`<p>Fel</p><script>console.error("planted")</script>`) },
    blocked: { expect: "console", strict: true, body: html(`<p>Skript</p><script>document.title = "x"</script>`) },
    report: { expect: "paper", body: html(`<div class="wide">Bred</div>`, "@media print { .wide { width: 60rem } }") },
    status: { status: 410, body: html(`<p>Borta</p>`) },
    empty: { body: `<!doctype html><html lang="sv"><head><title>Prov</title></head><body></body></html>` },
  };
  const pages = Object.keys(planted).map((name) => ({ name, url: `http://127.0.0.1:${port}/${name}` }));
  for (const { page, size, findings } of await inspectAll(pages)) {
    const kinds = new Set(findings.map(({ kind }) => kind));
    const expected = page.name === "sound" ? undefined : (planted[page.name].expect ?? page.name);
    const elsewhere = (expected === "sideways" && size.width !== 360) || (expected === "paper" && !size.printed);
    const right = expected && !elsewhere ? kinds.has(expected) : kinds.size === 0;
    if (!right) throw new Error(`control: ${page.name} at ${size.width}: found ${JSON.stringify(findings)}`);
  }
  // A form that a mouse alone can send, one with a field that only a mouse reaches, and a sound one.
  const form = (field, button) => html(`<form method="get" action="/thanks">${field}${button}</form>`);
  const name = `<label for="n">Namn</label><input id="n" name="n">`;
  planted.thanks = { body: html(`<div class="notice yes"><p>Tack</p></div>`) };
  planted.mouse = { body: form(name, `<button tabindex="-1" type="button">Skicka</button>`) };
  planted.hidden = { body: form(`${name}<input name="m" tabindex="-1">`, "<button>Skicka</button>") };
  planted.keys = { body: form(name, "<button>Skicka</button>") };
  for (const [name, sound] of [["mouse", false], ["hidden", false], ["keys", true]]) {
    const findings = await browsing((browser) => byKeyboard(browser, `http://127.0.0.1:${port}/${name}`));
    if ((findings.length === 0) !== sound) throw new Error(`control: ${name}: found ${JSON.stringify(findings)}`);
  }
  console.log(`-- control: ${pages.length - 1} planted faults, all found; the sound page has none`);
}

const [argument] = process.argv.slice(2);
if (!argument) {
  console.error("usage: node pages.mjs DEMO_JSON | --control");
  process.exit(2);
}
try {
  await (argument === "--control" ? control() : demo(argument));
} catch (error) {
  console.error(`pages.mjs: ${error.message}`);
  process.exit(1);
}
