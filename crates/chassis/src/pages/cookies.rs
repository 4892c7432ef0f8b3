//! The two cookies of a service. Their names carry the service's, since cookies ignore ports.

use http::HeaderMap;
use http::header::COOKIE;

/// How this service's cookies are named and protected.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    service: &'static str,
    secure: bool,
}

impl Cookies {
    /// With `secure` they travel over TLS alone.
    pub(crate) fn new(service: &'static str, secure: bool) -> Self {
        Self { service, secure }
    }

    /// The value of this service's cookie of this kind.
    pub(super) fn read<'h>(&self, headers: &'h HeaderMap, kind: &str) -> Option<&'h str> {
        let name = self.name(kind);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// `Set-Cookie` that keeps a value for some seconds; 0 removes it.
    pub(super) fn set(&self, kind: &str, value: &str, path: &str, seconds: u64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
            self.name(kind)
        )
    }

    fn name(&self, kind: &str) -> String {
        format!("gx_{}_{kind}", self.service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_across_lines() {
        let cookies = Cookies::new("intake", true);
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "gx_review_session=a; xgx_intake_session=b".parse().unwrap());
        headers.append(COOKIE, "theme=dark; gx_intake_session=c".parse().unwrap());
        assert_eq!(cookies.read(&headers, "session"), Some("c"));
        assert_eq!(cookies.read(&headers, "sign_in"), None);
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_of_plain_http() {
        let set = Cookies::new("intake", true).set("session", "v", "/", 60);
        let parts = ["Path=/", "Max-Age=60", "HttpOnly", "SameSite=Lax", "Secure"];
        assert_eq!(set, format!("gx_intake_session=v; {}", parts.join("; ")));
    }
}
