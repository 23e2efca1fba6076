//! No forged token is taken for anything, at any operation of the merged document.

use crate::support::{
    PlayedIssuer, Service, demo_token,
    door::problem,
    issuer::{AUDIENCE, ISSUER, claims, rules},
    person, raw,
    service::token_of,
    settings,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gateway::{Algorithm, Issuer};
use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::LinkId;
use shared_web::{
    clock::system_seconds,
    key::KeyPair,
    link::{LinkKey, LinkPurpose},
    token::{DEMO, EVENTS, INTERNAL, Signer},
};
use std::{net::TcpListener, path::Path, sync::atomic::Ordering};

/// A second issuer that the gateway trusts, whose key has the first one's id.
const NEIGHBOUR: &str = "https://login.neighbour.example";
const PATH: &str = "/scheduling/v1/sessions";

struct Stage {
    services: Vec<Service>,
    neighbours: Service,
    issuer: PlayedIssuer,
    elliptic: PlayedIssuer,
    neighbour: PlayedIssuer,
    demo: KeyPair,
    gateway: KeyPair,
}

impl Stage {
    fn set() -> Self {
        let names = ["registration", "scheduling", "mentorship", "evaluation"];
        let stage = Self {
            services: names.map(Service::start).into(),
            neighbours: Service::start("publisher"),
            issuer: PlayedIssuer::new("key-1"),
            elliptic: PlayedIssuer::elliptic("key-2"),
            neighbour: PlayedIssuer::new("key-1"),
            demo: KeyPair::generate("demo").unwrap(),
            gateway: KeyPair::generate("gateway").unwrap(),
        };
        stage
            .registration()
            .publish(vec![stage.issuer.jwk(), stage.elliptic.jwk()]);
        stage.neighbours.publish(vec![stage.neighbour.jwk()]);
        for issuer in [ISSUER, NEIGHBOUR] {
            stage
                .registration()
                .know(token_of(issuer, "maja"), &person("person:maja"));
        }
        stage
    }

    fn registration(&self) -> &Service {
        &self.services[0]
    }

    fn open(&self) -> String {
        let neighbour = Issuer {
            issuer: NEIGHBOUR.into(),
            audience: "https://neighbour.example".into(),
            ..rules(&self.neighbours)
        };
        let settings = gateway::Settings {
            issuers: vec![rules(self.registration()), neighbour],
            ..settings(&self.services.iter().collect::<Vec<_>>())
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let running = gateway::start(listener, settings, &self.gateway).unwrap();
        actix_web::rt::spawn(running.server);
        url
    }

    /// Requests that have come through, whatever they asked for.
    fn calls(&self) -> usize {
        self.services.iter().map(Service::calls).sum()
    }
}

/// Makes forgeries from what an outsider can have: good tokens, public keys, keys of their own.
struct Forger<'a> {
    stage: &'a Stage,
    good: Value,
}

type Forgeries = Vec<(&'static str, String)>;

impl Forger<'_> {
    fn all(&self) -> Forgeries {
        let mut all = self.signatures();
        all.extend(self.foreign_keys());
        all.extend(self.headers());
        all.extend(self.audiences_and_issuers());
        all.extend(self.times_and_subjects());
        all.extend(self.no_tokens());
        all.extend(self.confused_algorithms());
        all.extend(self.key_ids());
        all.extend(self.odd_headers());
        all.extend(self.odd_claims());
        all.extend(self.neighbours());
        all.extend(self.other_purposes());
        all.extend(self.bent());
        all
    }

    fn issuer(&self) -> &PlayedIssuer {
        &self.stage.issuer
    }

    /// A token of good signature with one claim changed.
    fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.good.clone();
        claims[claim] = value;
        self.issuer().sign(&self.issuer().header(), &claims)
    }

    /// A token of good signature with one claim left out.
    fn without(&self, claim: &str) -> String {
        let mut claims = self.good.clone();
        claims.as_object_mut().unwrap().remove(claim);
        self.issuer().sign(&self.issuer().header(), &claims)
    }

    /// A token of good signature with its header changed.
    fn under(&self, change: impl FnOnce(&mut Header)) -> String {
        let mut header = self.issuer().header();
        change(&mut header);
        self.issuer().sign(&header, &self.good)
    }

    fn unsigned(&self, algorithm: &str) -> String {
        let header = json!({ "alg": algorithm, "typ": "at+jwt", "kid": self.issuer().id });
        format!("{}.{}.", encoded(&header), encoded(&self.good))
    }

    fn shared_secret(&self, secret: &[u8]) -> String {
        let header = Header {
            typ: Some("at+jwt".into()),
            kid: Some(self.issuer().id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        encode(&header, &self.good, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn signatures(&self) -> Forgeries {
        let token = self.issuer().token("maja");
        let parts: Vec<&str> = token.split('.').collect();
        let (head, body, signature) = (parts[0], parts[1], parts[2]);
        let other = encoded(&claims("operator"));
        let published = self.issuer().jwk().to_string();
        vec![
            ("no algorithm", self.unsigned("none")),
            ("no algorithm, in capitals", self.unsigned("NONE")),
            ("unsigned under a good algorithm", self.unsigned("EdDSA")),
            (
                "secret: the public key",
                self.shared_secret(&self.issuer().public),
            ),
            (
                "secret: the published key",
                self.shared_secret(published.as_bytes()),
            ),
            ("secret: nothing", self.shared_secret(b"")),
            ("another subject", format!("{head}.{other}.{signature}")),
            (
                "a cut signature",
                format!("{head}.{body}.{}", &signature[..20]),
            ),
            ("no signature", format!("{head}.{body}.")),
            ("a signature of something else", {
                let another = self.with("jti", json!("another"));
                format!("{head}.{body}.{}", another.rsplit('.').next().unwrap())
            }),
        ]
    }

    fn foreign_keys(&self) -> Forgeries {
        let stranger = PlayedIssuer::new(&self.issuer().id);
        let carried = Header {
            jwk: serde_json::from_value(stranger.jwk()).ok(),
            ..stranger.header()
        };
        let linked = Header {
            jku: Some(format!("{}/jwks", self.stage.services[1].url)),
            x5u: Some(format!("{}/x5u", self.stage.services[1].url)),
            ..stranger.header()
        };
        vec![
            ("a stranger's key", stranger.token("maja")),
            (
                "a stranger's key, carried along",
                stranger.sign(&carried, &self.good),
            ),
            (
                "a stranger's key, at an address",
                stranger.sign(&linked, &self.good),
            ),
        ]
    }

    fn headers(&self) -> Forgeries {
        vec![
            (
                "another key id",
                self.under(|header| header.kid = Some("other".into())),
            ),
            (
                "a path as key id",
                self.under(|header| header.kid = Some("../../key".into())),
            ),
            ("no key id", self.under(|header| header.kid = None)),
            (
                "an identity token",
                self.under(|header| header.typ = Some("JWT".into())),
            ),
            (
                "a logout token",
                self.under(|header| header.typ = Some("logout+jwt".into())),
            ),
            (
                "an internal type",
                self.under(|header| header.typ = Some(INTERNAL.kind.into())),
            ),
            ("no type", self.under(|header| header.typ = None)),
            (
                "critical",
                self.under(|header| header.crit = Some(vec!["exp".into()])),
            ),
        ]
    }

    fn audiences_and_issuers(&self) -> Forgeries {
        let alike = format!("{ISSUER}.evil.example");
        vec![
            (
                "another audience",
                self.with("aud", json!("https://other.example")),
            ),
            ("other audiences", self.with("aud", json!(["a", "b"]))),
            (
                "our inner audience",
                self.with("aud", json!(INTERNAL.audience)),
            ),
            ("a number as audience", self.with("aud", json!(1))),
            ("nothing as audience", self.with("aud", Value::Null)),
            (
                "an object as audience",
                self.with("aud", json!({ AUDIENCE: true })),
            ),
            ("an empty list of audiences", self.with("aud", json!([]))),
            ("no audience", self.without("aud")),
            (
                "another issuer",
                self.with("iss", json!("https://other.example")),
            ),
            (
                "an issuer that begins alike",
                self.with("iss", json!(alike)),
            ),
            ("a list of issuers", self.with("iss", json!([ISSUER]))),
            ("no issuer", self.without("iss")),
            ("our own name as issuer", self.with("iss", json!("gateway"))),
            ("the demo's name as issuer", self.with("iss", json!("demo"))),
        ]
    }

    fn times_and_subjects(&self) -> Forgeries {
        let now = system_seconds();
        vec![
            ("expired", self.with("exp", json!(now - 60))),
            ("text as expiry", self.with("exp", json!("never"))),
            ("no expiry", self.without("exp")),
            ("not yet", self.with("nbf", json!(now + 300))),
            ("no subject", self.without("sub")),
            ("an empty subject", self.with("sub", json!(""))),
            ("a number as subject", self.with("sub", json!(1))),
            ("nobody whom we know", self.with("sub", json!("stranger"))),
        ]
    }

    fn no_tokens(&self) -> Forgeries {
        let demo = demo_token(&self.stage.demo, "coordinator");
        vec![
            ("five parts", "a.b.c.d.e".into()),
            ("nonsense", "nonsense".into()),
            ("too long", "x".repeat(9000)),
            ("an unknown API key", "ak_unknown".into()),
            ("an empty API key", "ak_".into()),
            ("a demo token where there is no demo", demo),
        ]
    }

    /// A token whose header and claims are any text, of good signature.
    fn raw(&self, header: &Value, claims: &str) -> String {
        let message = format!("{}.{}", encoded(header), URL_SAFE_NO_PAD.encode(claims));
        signed(&message, self.issuer(), Algorithm::EdDSA)
    }

    fn header(&self, member: &str, value: Value) -> Value {
        let mut header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": self.issuer().id });
        header[member] = value;
        header
    }

    fn confused_algorithms(&self) -> Forgeries {
        let good = self.good.to_string();
        let elliptic = &self.stage.elliptic;
        let named = |algorithm: &str| self.raw(&self.header("alg", json!(algorithm)), &good);
        let other_key = Header {
            kid: Some(elliptic.id.clone()),
            ..self.issuer().header()
        };
        let first_key = Header {
            kid: Some(self.issuer().id.clone()),
            ..elliptic.header()
        };
        let zero = json!({ "alg": "ES256", "typ": "at+jwt", "kid": elliptic.id });
        let zero = format!("{}.{}", encoded(&zero), encoded(&self.good));
        vec![
            ("named ES256, signed with Ed25519", named("ES256")),
            ("named RS256, signed with Ed25519", named("RS256")),
            ("named PS512, signed with Ed25519", named("PS512")),
            ("named HS256, signed with Ed25519", named("HS256")),
            ("named in small letters", named("eddsa")),
            ("named nothing", named("")),
            (
                "no algorithm at all",
                self.raw(&self.header("alg", Value::Null), &good),
            ),
            (
                "a list of algorithms",
                self.raw(&self.header("alg", json!(["EdDSA", "none"])), &good),
            ),
            (
                "another kind of key's id",
                self.issuer().sign(&other_key, &self.good),
            ),
            ("another key's id", elliptic.sign(&first_key, &self.good)),
            (
                "a signature of zeros",
                format!("{zero}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
            ),
            (
                "a signature of ones",
                format!("{zero}.{}", URL_SAFE_NO_PAD.encode([255; 64])),
            ),
        ]
    }

    fn key_ids(&self) -> Forgeries {
        let id = |value: &str| self.under(|header| header.kid = Some(value.into()));
        let at = format!("{}/jwks#key-1", self.stage.services[1].url);
        vec![
            ("an empty key id", id("")),
            ("a device as key id", id("/dev/null")),
            ("a query as key id", id("key-1' OR '1'='1")),
            ("an address as key id", id(&at)),
            ("a command as key id", id("key-1;id")),
            ("a key id with a NUL", id("key-1\0")),
            ("a key id with a space", id("key-1 ")),
            ("a key id in capitals", id("KEY-1")),
            ("a key id without end", id(&"k".repeat(4000))),
            (
                "a number as key id",
                self.raw(&self.header("kid", json!(1)), &self.good.to_string()),
            ),
            (
                "a list of key ids",
                self.raw(
                    &self.header("kid", json!(["key-1"])),
                    &self.good.to_string(),
                ),
            ),
        ]
    }

    fn odd_headers(&self) -> Forgeries {
        let good = self.good.to_string();
        let mut unencoded = self.header("b64", json!(false));
        unencoded["crit"] = json!(["b64"]);
        let mut unknown = self.header("crit", json!(["x-unknown"]));
        unknown["x-unknown"] = json!(1);
        let inner = self.issuer().token("maja");
        vec![
            (
                "an unencoded payload, critical",
                self.raw(&unencoded, &good),
            ),
            ("an unknown extension, critical", self.raw(&unknown, &good)),
            (
                "nothing critical",
                self.raw(&self.header("crit", json!([])), &good),
            ),
            (
                "a token in a token",
                self.raw(&self.header("cty", json!("JWT")), &inner),
            ),
            (
                "a token in a token's text",
                self.raw(&self.header("cty", json!("JWT")), &json!(inner).to_string()),
            ),
            (
                "an unknown type",
                self.raw(&self.header("typ", json!("secevent+jwt")), &good),
            ),
            (
                "a number as type",
                self.raw(&self.header("typ", json!(1)), &good),
            ),
            (
                "a type that begins alike",
                self.raw(&self.header("typ", json!("at+jwt2")), &good),
            ),
            (
                "a proof of possession",
                self.raw(&self.header("typ", json!("dpop+jwt")), &good),
            ),
            (
                "the type of our events",
                self.under(|header| header.typ = Some(EVENTS.kind.into())),
            ),
        ]
    }

    fn odd_claims(&self) -> Forgeries {
        let now = system_seconds();
        let overflowing = self
            .good
            .to_string()
            .replace(&self.good["exp"].to_string(), "1e999");
        let twice = self
            .good
            .to_string()
            .replacen('{', "{\"sub\":\"operator\",", 1);
        let header = self.header("alg", json!("EdDSA"));
        let claims = |text: &str| self.raw(&header, text);
        vec![
            (
                "audiences in a list in a list",
                self.with("aud", json!([[AUDIENCE]])),
            ),
            (
                "our audience and a number",
                self.with("aud", json!([AUDIENCE, 1])),
            ),
            (
                "a longer audience",
                self.with("aud", json!(format!("{AUDIENCE}/"))),
            ),
            (
                "an audience in capitals",
                self.with("aud", json!(AUDIENCE.to_uppercase())),
            ),
            ("nothing as issuer", self.with("iss", Value::Null)),
            ("a number as issuer", self.with("iss", json!(1))),
            (
                "an object as issuer",
                self.with("iss", json!({ "iss": ISSUER })),
            ),
            (
                "a longer issuer",
                self.with("iss", json!(format!("{ISSUER}/"))),
            ),
            (
                "an issuer in capitals",
                self.with("iss", json!(ISSUER.to_uppercase())),
            ),
            ("nothing as subject", self.with("sub", Value::Null)),
            ("a list of subjects", self.with("sub", json!(["maja"]))),
            (
                "an object as subject",
                self.with("sub", json!({ "sub": "maja" })),
            ),
            ("two subjects", claims(&twice)),
            ("nothing as expiry", self.with("exp", Value::Null)),
            ("yes as expiry", self.with("exp", json!(true))),
            ("a list as expiry", self.with("exp", json!([now + 600]))),
            (
                "an expiry in words",
                self.with("exp", json!((now + 600).to_string())),
            ),
            ("an expiry before time", self.with("exp", json!(-1))),
            ("expired at the beginning", self.with("exp", json!(0))),
            (
                "expiry in milliseconds",
                self.with("exp", json!((now + 600) * 1000)),
            ),
            (
                "expiry at the end of time",
                self.with("exp", json!(u64::MAX)),
            ),
            (
                "expiry after the end of time",
                self.with("exp", json!(1e300)),
            ),
            ("an expiry that is no number", claims(&overflowing)),
            ("words as beginning", self.with("nbf", json!("now"))),
            ("a far beginning", self.with("nbf", json!(u64::MAX))),
            ("issued in the future", self.with("iat", json!(now + 300))),
            ("issued in words", self.with("iat", json!("today"))),
            ("a list for claims", claims("[]")),
            ("a text for claims", claims("\"maja\"")),
            ("no claims", claims("")),
            ("empty claims", claims("{}")),
            ("broken claims", claims(&self.good.to_string()[..40])),
        ]
    }

    fn neighbours(&self) -> Forgeries {
        let neighbour = &self.stage.neighbour;
        let own = |audience: &str| {
            let mut own = self.good.clone();
            own["iss"] = json!(NEIGHBOUR);
            own["aud"] = json!(audience);
            own
        };
        vec![
            ("a neighbour's key of the same id", neighbour.token("maja")),
            (
                "a neighbour's token for somebody else",
                neighbour.sign(&neighbour.header(), &own(AUDIENCE)),
            ),
            (
                "a neighbour's name, our issuer's key",
                self.issuer()
                    .sign(&self.issuer().header(), &own("https://neighbour.example")),
            ),
        ]
    }

    /// What Akademi itself signs, in the place of an access token.
    fn other_purposes(&self) -> Forgeries {
        let maja = person("person:maja");
        let stranger = KeyPair::generate("gateway").unwrap();
        let service = KeyPair::generate("registration").unwrap();
        let sign = |key: &KeyPair, purpose| Signer::new(key).sign(purpose, &maja).unwrap();
        let links = LinkKey::from_secret("a secret of the tests");
        let link = |purpose, kind: &str| links.of(purpose).sign(kind, LinkId::new());
        vec![
            // Even the real thing is for the inside only.
            ("an internal token", sign(&self.stage.gateway, INTERNAL)),
            ("an internal token of a stranger", sign(&stranger, INTERNAL)),
            ("an internal token of a service", sign(&service, INTERNAL)),
            ("an event's token", sign(&service, EVENTS)),
            (
                "an event's token of the gateway",
                sign(&self.stage.gateway, EVENTS),
            ),
            (
                "a demo token of the gateway",
                sign(&self.stage.gateway, DEMO),
            ),
            ("a link to a slate", link(LinkPurpose::Page, "slate")),
            ("a link to a calendar feed", link(LinkPurpose::Feed, "feed")),
            ("a link to a survey", link(LinkPurpose::Survey, "survey")),
            (
                "a link to a certificate's check",
                link(LinkPurpose::Verification, "certificate"),
            ),
        ]
    }

    /// A good token that was bent on the way.
    fn bent(&self) -> Forgeries {
        let good = self.issuer().token("maja");
        let (message, signature) = good.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[10] ^= 1;
        let mut long = self.good.clone();
        long["padding"] = json!("x".repeat(9000));
        let (head, body) = message.split_once('.').unwrap();
        vec![
            (
                "one bit of the signature",
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(&bytes)),
            ),
            ("a padded signature", format!("{good}==")),
            ("a longer signature", format!("{good}AAAA")),
            ("a fourth part", format!("{good}.")),
            ("a part before", format!(".{good}")),
            ("two parts", message.to_owned()),
            ("exchanged parts", format!("{body}.{head}.{signature}")),
            ("its own scheme again", format!("Bearer {good}")),
            ("itself twice", format!("{good}, Bearer {good}")),
            ("dressed as an API key", format!("ak_{good}")),
            (
                "good, but without end",
                self.issuer().sign(&self.issuer().header(), &long),
            ),
            (
                "as JSON",
                json!({ "protected": head, "payload": body, "signature": signature }).to_string(),
            ),
            ("in quotes", format!("\"{good}\"")),
        ]
    }
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn signed(message: &str, issuer: &PlayedIssuer, algorithm: Algorithm) -> String {
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &issuer.key, algorithm);
    format!("{message}.{}", signature.unwrap())
}

/// The gateway's own operation that needs to know who asks; it asks every service.
const ARCHIVE: &str = "/gateway/v1/archive";

/// Method and address of every operation behind the gateway and of its own that is for who is
/// known, with ids of things in the parameters' places.
fn operations() -> Vec<(Method, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/akademi.json");
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.filter_map(|method| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let segments = path.split('/').map(|segment| {
                if segment.starts_with('{') {
                    "0192f0c1-0000-7000-8000-000000000001"
                } else {
                    segment
                }
            });
            let path = segments.collect::<Vec<_>>().join("/");
            let counts = !path.starts_with("/gateway/") || path == ARCHIVE;
            counts.then_some((method, path))
        })
    });
    operations.collect()
}

#[actix_web::test]
async fn no_forged_token_is_taken_for_anything_at_any_operation() {
    let stage = Stage::set();
    let url = stage.open();
    let client = shared_web::outgoing::internal([&url]).unwrap();
    let forger = Forger {
        stage: &stage,
        good: claims("maja"),
    };
    let table = forger.all();
    assert!(table.len() >= 60, "{}", table.len());
    let ask = async |method: Method, path: &str, value: &str| {
        let request = client.request(method, &format!("{url}{path}")).unwrap();
        let request = request.header("authorization", value).send();
        request.await.unwrap()
    };
    // The table is about the tokens: the same way with a good one leads through.
    let operations = operations();
    assert!(operations.len() > 50, "{}", operations.len());
    let good = stage.issuer.token("maja");
    for (method, path) in &operations {
        let answer = ask(method.clone(), path, &format!("Bearer {good}")).await;
        assert_eq!(answer.status(), 200, "{method} {path}");
    }
    assert!(operations.iter().any(|(_, path)| path == ARCHIVE));
    // The archive asks each of the four services.
    let calls = operations.len() + 3;
    assert_eq!(stage.calls(), calls);
    let mut told = Vec::new();
    for (name, token) in &table {
        for (method, path) in &operations {
            let answer = ask(method.clone(), path, &format!("Bearer {token}")).await;
            if answer.status() != 401 || answer.headers()["www-authenticate"] != "Bearer" {
                told.push(format!("{name}: {method} {path}: {}", answer.status()));
            }
        }
        problem(
            ask(Method::GET, PATH, &format!("Bearer {token}")).await,
            401,
            "unauthenticated",
        )
        .await;
    }
    assert!(told.is_empty(), "{told:#?}");
    for value in ["Basic bWFqYTpzZWNyZXQ=", "Bearer", "", &good, "Digest a=b"] {
        problem(ask(Method::GET, PATH, value).await, 401, "unauthenticated").await;
    }
    assert_eq!(stage.calls(), calls, "no forgery reached a service");
    let fetched = &stage.services[1].kept.fetches;
    let fetched = fetched.load(Ordering::SeqCst);
    assert_eq!(fetched, 0, "no token says where keys are");
}

#[actix_web::test]
async fn two_authorizations_are_none_whichever_is_good() {
    let stage = Stage::set();
    let url = stage.open();
    let authority = url.trim_start_matches("http://");
    let good = stage.issuer.token("maja");
    let bad = PlayedIssuer::new("key-1").token("maja");
    let ask = async |lines: &str| {
        let request = format!("GET {PATH} HTTP/1.1\r\nHost: a\r\n{lines}Connection: close\r\n\r\n");
        raw::status(&raw::exchange(authority, request.as_bytes()).await)
    };
    let line = |token: &str| format!("Authorization: Bearer {token}\r\n");
    assert_eq!(ask(&line(&good)).await, 200);
    for (first, second) in [(&good, &good), (&good, &bad), (&bad, &good)] {
        assert_eq!(ask(&format!("{}{}", line(first), line(second))).await, 401);
    }
    assert_eq!(
        ask(&format!("Authorization: Bearer {good}\r\n\tX\r\n")).await,
        400,
        "a folded line"
    );
    assert_eq!(stage.calls(), 1);
}
