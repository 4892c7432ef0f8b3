//! The programs that may ask for a sign-in, and where each may be led back to.

use std::str::FromStr;

use axum::http::Uri;

/// A public client: it has no secret and proves itself by PKCE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    redirect_prefix: String,
}

/// What a client must look like.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client is ID=REDIRECT_URI_PREFIX with an http or https prefix that names a host")]
pub struct ClientError;

impl Client {
    /// Tells whether the client may be led back to `uri`: the prefix itself, or something below.
    pub(crate) fn may_return_to(&self, uri: &str) -> bool {
        let Some(rest) = uri.strip_prefix(&self.redirect_prefix) else { return false };
        // The next character must end a part of the address, or `:80` would allow `:8000`.
        let ends = rest.is_empty() || self.redirect_prefix.ends_with('/');
        let below = ends || rest.starts_with(['/', '?']);
        let plain = uri.parse::<Uri>().is_ok() && !uri.contains(['#', '\\']);
        below && plain && !rest.contains("..")
    }
}

impl FromStr for Client {
    type Err = ClientError;

    fn from_str(text: &str) -> Result<Self, ClientError> {
        let (id, redirect_prefix) = text.split_once('=').ok_or(ClientError)?;
        let uri: Uri = redirect_prefix.parse().map_err(|_| ClientError)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        if id.is_empty() || !web || redirect_prefix.contains('#') {
            return Err(ClientError);
        }
        Ok(Self { id: id.to_owned(), redirect_prefix: redirect_prefix.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_returns_below_its_prefix_and_nowhere_else() {
        let client: Client = "intake=http://127.0.0.1:8001/signed-in".parse().unwrap();
        let cases = [
            ("http://127.0.0.1:8001/signed-in", true),
            ("http://127.0.0.1:8001/signed-in?from=%2Freports", true),
            ("http://127.0.0.1:8001/signed-in/x", true),
            ("http://127.0.0.1:8001/signed-in-elsewhere", false),
            ("http://127.0.0.1:8001/signed-in/../out", false),
            ("http://127.0.0.1:8001/", false),
            ("http://127.0.0.1:8001/signed-in#x", false),
            ("http://127.0.0.1:8001/signed-in/ x", false),
            ("https://127.0.0.1:8001/signed-in", false),
        ];
        for (uri, allowed) in cases {
            assert_eq!(client.may_return_to(uri), allowed, "{uri}");
        }
    }

    #[test]
    fn a_prefix_without_a_path_does_not_allow_another_host_or_port() {
        let client: Client = "intake=http://127.0.0.1:80".parse().unwrap();
        assert!(client.may_return_to("http://127.0.0.1:80/signed-in"));
        for uri in ["http://127.0.0.1:8001/", "http://127.0.0.1:80@elsewhere.test/"] {
            assert!(!client.may_return_to(uri), "{uri}");
        }
    }

    #[test]
    fn a_client_without_id_or_address_is_refused() {
        for text in ["", "intake", "=http://127.0.0.1/", "intake=", "intake=/x", "intake=ftp://h/"]
        {
            assert_eq!(text.parse::<Client>(), Err(ClientError), "{text:?}");
        }
    }
}
