//! `Accept-Encoding` (RFC 9110, section 12.5.3).

use lambda_http::http::{HeaderMap, header::ACCEPT_ENCODING};

use crate::{header_list::elements, media::quality};

/// The coding among `offered` that the caller likes best; of equals, the first. `None`: send the content as it is.
#[must_use]
pub fn preferred<'a>(headers: &HeaderMap, offered: &[&'a str]) -> Option<&'a str> {
    let mut best = None;
    for coding in offered {
        let liked = weight(headers, coding);
        if liked > best.map_or(0.0, |(_, liked)| liked) {
            best = Some((*coding, liked));
        }
    }
    best.map(|(coding, _)| coding)
}

/// 0 if the caller does not take the coding. `*` stands for those that are not named.
fn weight(headers: &HeaderMap, coding: &str) -> f32 {
    let (mut named, mut any) = (None, None);
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for element in lists.flat_map(elements) {
        let mut parts = element.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let liked = Some(parts.find_map(quality).unwrap_or(1.0));
        if name.eq_ignore_ascii_case(coding) {
            named = liked;
        } else if name == "*" {
            any = liked;
        }
    }
    named.or(any).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    #[test]
    fn a_browser_gets_the_smallest_that_it_takes_and_no_client_what_it_cannot_read() {
        for (given, expected) in [
            (&["gzip, deflate, br, zstd"][..], Some("br")),
            (&["gzip, deflate"], Some("gzip")),
            (&["gzip", "br"], Some("br")),
            (&["GZIP;q=1.0, br;q=0.5"], Some("gzip")),
            (&["br;q=0, *"], Some("gzip")),
            (&["*"], Some("br")),
            (&["identity"], None),
            (&["br;q=0, gzip;q=0"], None),
            (&["brotli"], None),
            (&[""], None),
            (&[], None),
        ] {
            let headers = given.iter().map(|value| (ACCEPT_ENCODING, HeaderValue::from_static(value)));
            let mut all = HeaderMap::new();
            headers.for_each(|(name, value)| {
                all.append(name, value);
            });
            assert_eq!(preferred(&all, &["br", "gzip"]), expected, "{given:?}");
        }
    }
}
