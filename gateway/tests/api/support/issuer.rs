//! An outside issuer that is played: keys to publish, and tokens, good and forged.

use super::Service;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gateway::{Algorithm, Issuer};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use shared_web::clock::system_seconds;

/// The name of the played issuer.
pub(crate) const ISSUER: &str = "https://login.municipality.example/tenant";
/// The audience of its tokens for us.
pub(crate) const AUDIENCE: &str = "https://akademi.example";

/// A key of an issuer.
pub(crate) struct PlayedIssuer {
    pub(crate) id: String,
    pub(crate) key: EncodingKey,
    pub(crate) public: Vec<u8>,
    algorithm: Algorithm,
}

impl PlayedIssuer {
    /// A new Ed25519 key.
    pub(crate) fn new(id: &str) -> Self {
        let document = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        Self {
            id: id.to_owned(),
            key: EncodingKey::from_ed_der(document.as_ref()),
            public: pair.public_key().as_ref().to_vec(),
            algorithm: Algorithm::EdDSA,
        }
    }

    /// A new P-256 key.
    pub(crate) fn elliptic(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let document = pair.to_pkcs8v1().unwrap();
        Self {
            id: id.to_owned(),
            key: EncodingKey::from_ec_der(document.as_ref()),
            public: pair.public_key().as_ref().to_vec(),
            algorithm: Algorithm::ES256,
        }
    }

    /// The public key as it is published.
    pub(crate) fn jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        if self.algorithm == Algorithm::EdDSA {
            return json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.id, "use": "sig", "alg": "EdDSA",
                "x": encode(&self.public) });
        }
        json!({ "kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig", "alg": "ES256",
            "x": encode(&self.public[1..33]), "y": encode(&self.public[33..65]) })
    }

    /// The header of its good tokens.
    pub(crate) fn header(&self) -> Header {
        Header {
            typ: Some("at+jwt".into()),
            kid: Some(self.id.clone()),
            ..Header::new(self.algorithm)
        }
    }

    /// A good token.
    pub(crate) fn token(&self, subject: &str) -> String {
        self.sign(&self.header(), &claims(subject))
    }

    /// A token with any header and claims.
    pub(crate) fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.key).unwrap()
    }
}

/// Claims of a good token.
pub(crate) fn claims(subject: &str) -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": system_seconds() + 600,
        "iat": system_seconds(), "client_id": "front-end", "jti": uuid::Uuid::new_v4() })
}

/// How the gateway is told of the issuer, whose keys a played service publishes.
pub(crate) fn rules(publisher: &Service) -> Issuer {
    Issuer {
        issuer: ISSUER.into(),
        jwks_url: format!("{}/jwks", publisher.url),
        audience: AUDIENCE.into(),
        algorithms: vec![Algorithm::EdDSA, Algorithm::ES256],
        kind: "at+jwt".into(),
        link_by_verified_email: false,
        email_domains: Vec::new(),
        provisioned: None,
    }
}
