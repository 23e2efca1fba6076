// Logs in by a real identity provider and calls a served Akademi with its access tokens.
//
//   node oidc.mjs path/to/akademi
//
// The provider is the npm package oidc-provider, by the authorization code with PKCE as a browser
// does it. Shown: a login is whom the employer has provisioned by SCIM; an address that the
// provider has verified is asked by mail and counts for nothing before; foreign issuers and keys
// are refused; new keys are taken while old tokens go on; who leaves is refused within seconds.

import { execFile, spawn } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Provider from "oidc-provider";

const AUDIENCE = "https://akademi.example";
const REDIRECT = "https://client.example/back";
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const program = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "akademi-oidc-"));
const sleep = (millis) => new Promise((done) => setTimeout(done, millis));

function check(name, held, told = "") {
  if (!held) throw new Error(`${name} ${told}`);
  console.log(`ok    ${name}`);
}

function newKey(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

// An issuer whose keys can be changed while it runs: the first signs, all are published.
class Issuer {
  static async start(keys) {
    const issuer = new Issuer();
    issuer.server = http.createServer((request, response) => issuer.handle(request, response));
    await new Promise((done) => issuer.server.listen(0, "127.0.0.1", done));
    issuer.url = `http://127.0.0.1:${issuer.server.address().port}`;
    issuer.sign(keys);
    return issuer;
  }

  sign(keys) {
    const verified = (id) => ({ email: `${id}@linkoping.example`, email_verified: true });
    const provider = new Provider(this.url, {
      jwks: { keys },
      cookies: { keys: ["a secret of this check"] },
      clients: [{ client_id: "portal", token_endpoint_auth_method: "none", redirect_uris: [REDIRECT],
        grant_types: ["authorization_code"], response_types: ["code"] }],
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...verified(id) }) }),
      extraTokenClaims: (_, token) => verified(token.accountId),
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({ scope: "openid", audience: AUDIENCE, accessTokenFormat: "jwt",
            accessTokenTTL: 600, jwt: { sign: { alg: "RS256" } } }),
        },
      },
    });
    this.handle = provider.callback();
  }

  // What a browser does, until the portal has a token.
  async token(login) {
    const cookies = new Map();
    const go = async (address, form) => {
      const response = await fetch(address, { redirect: "manual", method: form ? "POST" : "GET",
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
        body: form && new URLSearchParams(form) });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
        if (value) cookies.set(name, value); else cookies.delete(name);
      }
      return response;
    };
    const verifier = randomBytes(32).toString("base64url");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    let address = `${this.url}/auth?${new URLSearchParams({ client_id: "portal", response_type: "code", scope: "openid",
      redirect_uri: REDIRECT, code_challenge: challenge, code_challenge_method: "S256", resource: AUDIENCE, state: "x", nonce: "x" })}`;
    for (let step = 0; step < 12; step++) {
      const response = await go(address);
      const next = response.headers.get("location");
      if (next?.startsWith(REDIRECT)) {
        const code = new URL(next).searchParams.get("code");
        if (!code) throw new Error(`no code: ${next}`);
        const answer = await go(`${this.url}/token`, { grant_type: "authorization_code", client_id: "portal", code,
          redirect_uri: REDIRECT, code_verifier: verifier, resource: AUDIENCE });
        const body = await answer.json();
        if (!body.access_token) throw new Error(JSON.stringify(body));
        return body.access_token;
      }
      if (next) {
        address = new URL(next, address).href;
        continue;
      }
      const page = await response.text();
      const prompt = /name="prompt" value="([a-z]+)"/.exec(page)?.[1];
      if (!prompt) throw new Error(`${response.status} at ${address}: ${page.slice(0, 300)}`);
      const sent = await go(address, { prompt, login, password: "x" });
      address = new URL(sent.headers.get("location"), address).href;
    }
    throw new Error("the login does not end");
  }
}

async function served(issuer) {
  const init = await promisify(execFile)(program, ["init", "--organiser", "Linköpings kommun", "--code", "SE-0580",
    "--coordinator", "kim@linkoping.example", "--data-dir", folder]);
  const key = /ak_\S+/.exec(init.stdout)[0];
  const organisation = /organisation\s+(\S+)/.exec(init.stdout)[1];
  const issuers = [{ issuer: issuer.url, jwksUrl: `${issuer.url}/jwks`, audience: AUDIENCE, algorithms: ["RS256"],
    linkByVerifiedEmail: true, emailDomains: ["linkoping.example"], provisioned: { organisation: "SE-0580", by: "externalId" } }];
  const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--data-dir", folder], {
    env: { ...process.env, AKADEMI_OIDC_ISSUERS: JSON.stringify(issuers), RUST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((done, fail) => {
    let said = "";
    child.stdout.on("data", (part) => {
      said += part;
      const found = /answers at (http\S+?),?\s/.exec(said);
      if (found) done(found[1].replace(/[,.]$/, ""));
    });
    child.on("exit", () => fail(new Error(`akademi ended: ${said}`)));
  });
  return { child, key, organisation, url };
}

/** A mail as it is read: lines that were broken for the way are whole again. */
function plain(mail) {
  return mail.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

async function main() {
  const keys = [newKey("first"), newKey("second"), newKey("third")];
  const issuer = await Issuer.start([keys[0]]);
  const foreign = await Issuer.start([keys[0]]);
  const akademi = await served(issuer);
  try {
    await play(akademi, issuer, foreign, keys);
  } finally {
    akademi.child.removeAllListeners("exit");
    const ended = new Promise((done) => akademi.child.once("exit", done));
    akademi.child.kill("SIGTERM");
    await ended;
    issuer.server.close();
    foreign.server.close();
  }
}

async function play({ key, organisation, url }, issuer, foreign, keys) {
  const call = async (token, path, options = {}) => {
    const response = await fetch(`${url}${path}`, { redirect: "manual", ...options,
      headers: { authorization: `Bearer ${token}`, ...options.headers } });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  const send = (path, body, method = "POST") => call(key, path, { method, body: JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": randomBytes(8).toString("hex") } });
  const me = async (token) => (await call(token, "/registration/v1/me"));
  const status = async (token) => (await me(token)).status;

  const made = await send("/registration/scim/v2/Users", { schemas: [USER], userName: "maja@linkoping.example",
    externalId: "employee-1", displayName: "Maja Ek", active: true });
  check("HR provisions an employee", made.status === 201, JSON.stringify(made.body));
  const maja = await issuer.token("employee-1");
  const known = await me(maja);
  check("a login is whom the employer has provisioned", known.body.personId === made.body.id, JSON.stringify(known));
  check("nobody else's login is anybody", (await status(await issuer.token("employee-2"))) === 401);
  check("a foreign issuer is refused, though it has the same key", (await status(await foreign.token("employee-1"))) === 401);
  check("a token that was changed is refused", (await status(maja.slice(0, -8) + "AAAAAAAA")) === 401);

  const sven = await send("/registration/v1/people", { name: "Sven Alm", email: "sven@linkoping.example",
    organisationId: organisation, kind: "employed_manager", language: "sv" });
  check("somebody is known by address", sven.status === 201, JSON.stringify(sven.body));
  const login = await issuer.token("sven");
  check("a verified address alone is nobody", (await status(login)) === 401);
  let link;
  for (let tries = 0; tries < 100 && !link; tries++) {
    const mails = existsSync(join(folder, "mail")) ? readdirSync(join(folder, "mail")) : [];
    const texts = mails.map((name) => plain(readFileSync(join(folder, "mail", name), "utf8")));
    link = /\/registration\/pages\/identity\/[A-Za-z0-9_-]+/.exec(texts.join("\n"))?.[0];
    await sleep(100);
  }
  check("the address is asked by mail", Boolean(link));
  const read = await fetch(url + link);
  check("the page asks", read.status === 200 && (await read.text()).includes("<form"), String(read.status));
  check("reading it changes nothing", (await status(login)) === 401);
  const agreed = await fetch(url + link, { method: "POST", redirect: "manual", body: new URLSearchParams({ verdict: "accept" }) });
  check("the person says yes", agreed.status === 303, String(agreed.status));
  check("the login is the person's", (await me(login)).body.personId === sven.body.id);

  // New keys: the second is published and signs, the first is still published.
  let calls = 0, failed = 0, over = false;
  const caller = (async () => {
    while (!over) {
      calls += 1;
      failed += (await status(maja)) === 200 ? 0 : 1;
      await sleep(100);
    }
  })();
  issuer.sign([keys[1], keys[0]]);
  const began = Date.now();
  const renewed = await issuer.token("employee-1");
  while ((await status(renewed)) !== 200) {
    if (Date.now() - began > 60_000) throw new Error("the new key is never taken");
    await sleep(250);
  }
  const after = Date.now() - began;
  over = true;
  await caller;
  check(`a new key is taken, here after ${(after / 1000).toFixed(1)} s`, after < 45_000);
  check(`no call with an older token failed meanwhile (${calls} calls)`, failed === 0 && calls > 0, `${failed} failed`);
  const stranger = await Issuer.start([keys[2]]);
  const forged = await stranger.token("employee-1");
  stranger.server.close();
  check("a key that is not published signs nothing", (await status(forged)) === 401);

  const active = { schemas: [PATCH], Operations: [{ op: "Replace", path: "active", value: "False" }] };
  await send(`/registration/scim/v2/Users/${made.body.id}`, active, "PATCH");
  const left = Date.now();
  while ((await status(renewed)) !== 401) {
    if (Date.now() - left > 20_000) throw new Error("who has left is still answered");
    await sleep(100);
  }
  const gone = Date.now() - left;
  check(`who has left is refused, here after ${(gone / 1000).toFixed(1)} s`, gone <= 5000);
}

main().then(
  () => rmSync(folder, { recursive: true, force: true }),
  (error) => {
    console.error(error);
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = 1;
  },
).finally(() => setTimeout(() => process.exit(), 500));
