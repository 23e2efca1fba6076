//! Settings that are more than one word: how their texts are read.

use gateway::{Algorithm, Issuer, Provisioning};
use serde::Deserialize;
use shared_types::caller::ProvisionedBy;
use std::{collections::BTreeMap, str::FromStr};

/// Addresses of the services, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses(pub BTreeMap<String, String>);

impl FromStr for Addresses {
    type Err = String;

    /// Reads `name=url,name=url`; the gateway judges names and addresses.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim);
        let pairs = parts.filter(|part| !part.is_empty()).map(|part| {
            let (name, url) = part
                .split_once('=')
                .ok_or_else(|| format!("expected name=url, not {part:?}"))?;
            Ok((name.to_owned(), url.trim_end_matches('/').to_owned()))
        });
        pairs.collect::<Result<_, String>>().map(Self)
    }
}

/// Identity providers whose access tokens count.
#[derive(Clone, Debug, Default)]
pub struct Issuers(pub Vec<Issuer>);

impl FromStr for Issuers {
    type Err = serde_json::Error;

    /// Reads a JSON array.
    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        let issuers: Vec<IssuerText> = serde_json::from_str(text)?;
        let issuers = issuers.into_iter().map(IssuerText::checked);
        Ok(Self(issuers.collect::<Result<_, _>>()?))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IssuerText {
    issuer: String,
    jwks_url: String,
    audience: String,
    algorithms: Vec<Algorithm>,
    /// RFC 9068's type where nothing is said.
    token_type: Option<String>,
    #[serde(default)]
    link_by_verified_email: bool,
    #[serde(default)]
    email_domains: Vec<String>,
    provisioned: Option<ProvisioningText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProvisioningText {
    organisation: String,
    by: ProvisionedBy,
    /// The token's subject where nothing is said.
    claim: Option<String>,
}

impl IssuerText {
    /// A provider that vouches for every address could have anybody be asked: which it may vouch
    /// for has to be said.
    fn checked(self) -> Result<Issuer, serde_json::Error> {
        if self.link_by_verified_email && self.email_domains.is_empty() {
            return Err(serde::de::Error::custom(
                "linkByVerifiedEmail needs emailDomains",
            ));
        }
        Ok(self.into())
    }
}

impl From<IssuerText> for Issuer {
    fn from(text: IssuerText) -> Self {
        Self {
            issuer: text.issuer,
            jwks_url: text.jwks_url,
            audience: text.audience,
            algorithms: text.algorithms,
            kind: text.token_type.unwrap_or_else(|| "at+jwt".to_owned()),
            link_by_verified_email: text.link_by_verified_email,
            email_domains: text.email_domains,
            provisioned: text.provisioned.map(|text| Provisioning {
                organisation: text.organisation,
                by: text.by,
                claim: text.claim.unwrap_or_else(|| "sub".to_owned()),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstreams_are_read_from_one_setting() {
        let upstreams: Addresses = "registration=http://a:1/, scheduling=http://b:2,"
            .parse()
            .unwrap();
        assert_eq!(upstreams.0.get("registration").unwrap(), "http://a:1");
        assert_eq!(upstreams.0.len(), 2);
        assert!("http://a:1".parse::<Addresses>().is_err());
    }

    #[test]
    fn issuers_are_read_from_json_and_a_misspelt_member_is_refused() {
        let text = r#"[{"issuer": "https://login.example", "jwksUrl": "https://login.example/keys",
            "audience": "akademi", "algorithms": ["RS256", "EdDSA"]}]"#;
        let Issuers(issuers) = text.parse().unwrap();
        assert_eq!(issuers[0].kind, "at+jwt");
        assert_eq!(issuers[0].algorithms, [Algorithm::RS256, Algorithm::EdDSA]);
        let employers = text.replace(
            "\"audience\"",
            "\"emailDomains\": [\"kommun.example\"], \"provisioned\": {\"organisation\": \"SE-0580\", \"by\": \"externalId\", \"claim\": \"oid\"}, \"audience\"",
        );
        let Issuers(employers) = employers.parse().unwrap();
        assert_eq!(employers[0].provisioned.as_ref().unwrap().claim, "oid");
        // Which addresses a provider may vouch for has to be said.
        let by_mail =
            r#""linkByVerifiedEmail": true, "emailDomains": ["kommun.example"], "audience""#;
        for (members, is_fine) in [
            (by_mail.to_owned(), true),
            (by_mail.replace(r#"["kommun.example"]"#, "[]"), false),
            (
                by_mail.replace(r#""emailDomains": ["kommun.example"], "#, ""),
                false,
            ),
        ] {
            let issuers = text.replace("\"audience\"", &members);
            assert_eq!(issuers.parse::<Issuers>().is_ok(), is_fine, "{members}");
        }
        assert!(
            text.replace("jwksUrl", "jwksUri")
                .parse::<Issuers>()
                .is_err()
        );
    }
}
