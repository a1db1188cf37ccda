//! Forged tokens.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
};
use ring::hmac;
use serde_json::{Value, json};

use crate::{
    fixture::{ADA, NOW, Trust, at, claims, now},
    signer::{Signer, encode},
};

fn forged(header: &Value, claims: &Value, signature: impl AsRef<[u8]>) -> String {
    format!("{}.{}.{}", encode(header.to_string()), encode(claims.to_string()), encode(signature))
}

#[tokio::test]
async fn a_token_of_the_issuer_identifies_the_caller() {
    let trust = Trust::new();
    for signer in trust.signers() {
        assert_eq!(now(&trust.authorizer, &signer.token(&claims())).await.as_deref(), Ok(ADA));
    }
}

#[tokio::test]
async fn an_unsigned_token_is_rejected() {
    let trust = Trust::new();
    for none in ["none", "None", "NONE", "nOnE", ""] {
        for kid in ["rsa-1", "ec-1"] {
            let header = json!({"alg": none, "kid": kid});
            trust.refuses(&forged(&header, &claims(), ""), "wrong_algorithm").await;
            trust.refuses(&forged(&header, &claims(), [0; 64]), "wrong_algorithm").await;
        }
    }
    for signer in trust.signers() {
        trust.refuses(&forged(&signer.header(), &claims(), ""), "bad_signature").await;
    }
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_rejected() {
    let trust = Trust::new();
    for signer in trust.signers() {
        let public = signer.public_key();
        let pem =
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(&public));
        for secret in [public, pem.into_bytes(), signer.jwk().to_string().into_bytes(), Vec::new()] {
            for (name, algorithm) in
                [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
            {
                let header = json!({"alg": name, "kid": signer.id});
                let signed = format!("{}.{}", encode(header.to_string()), encode(claims().to_string()));
                let tag = hmac::sign(&hmac::Key::new(algorithm, &secret), signed.as_bytes());
                trust.refuses(&forged(&header, &claims(), tag), "wrong_algorithm").await;
                // Claims to use the key's own algorithm.
                trust.refuses(&forged(&signer.header(), &claims(), tag), "bad_signature").await;
            }
        }
    }
}

#[tokio::test]
async fn the_key_decides_the_algorithm_and_not_the_token() {
    let trust = Trust::new();
    for (signer, other) in [(&trust.rsa, &trust.p256), (&trust.p256, &trust.rsa)] {
        let as_other = json!({"alg": other.algorithm(), "kid": signer.id});
        trust.refuses(&signer.token_of(&as_other, &claims().to_string()), "wrong_algorithm").await;
        trust.refuses(&other.token_of(&as_other, &claims().to_string()), "wrong_algorithm").await;
        for name in ["RS384", "RS512", "PS256", "ES384", "ES512", "EdDSA", "rs256", "es256", "RS256 ", "dir"] {
            let header = json!({"alg": name, "kid": signer.id});
            trust.refuses(&signer.token_of(&header, &claims().to_string()), "wrong_algorithm").await;
        }
    }
}

#[tokio::test]
async fn a_token_changed_after_signing_is_rejected() {
    let trust = Trust::new();
    for signer in trust.signers() {
        let token = signer.token(&claims());
        let [header, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let mut other = claims();
        other["sub"] = json!("root");
        let other = encode(other.to_string());
        trust.refuses(&format!("{header}.{other}.{signature}"), "bad_signature").await;
        // The signature is checked before the claims are parsed.
        trust.refuses(&format!("{header}.{}.{signature}", encode("nonsense")), "bad_signature").await;
        let changed = encode(json!({"alg": signer.algorithm(), "kid": signer.id, "x": 1}).to_string());
        trust.refuses(&format!("{changed}.{payload}.{signature}"), "bad_signature").await;
    }
}

#[tokio::test]
async fn a_truncated_extended_or_re_encoded_signature_is_rejected() {
    let trust = Trust::new();
    for signer in trust.signers() {
        let signed = format!("{}.{}", encode(signer.header().to_string()), encode(claims().to_string()));
        let good = signer.sign(&signed);
        let longer = [good.as_slice(), &[0]].concat();
        let mut flipped = good.clone();
        flipped[20] ^= 1;
        for wrong in [&good[..good.len() - 1], &good[..good.len() / 2], &good[1..], &longer, &flipped] {
            trust.refuses(&format!("{signed}.{}", encode(wrong)), "bad_signature").await;
        }
        for text in [BASE64_URL_SAFE.encode(&longer), format!("{} ", encode(&good)), format!("{}\n", encode(&good))] {
            trust.refuses(&format!("{signed}.{text}"), "malformed_token").await;
        }
        // Non-canonical: sets unused bits of the last character.
        let text = encode(&good);
        let (start, last) = text.split_at(text.len() - 1);
        let next = char::from(last.as_bytes()[0] + 1);
        trust.refuses(&format!("{signed}.{start}{next}"), "malformed_token").await;
    }
    let signed = format!("{}.{}", encode(trust.p256.header().to_string()), encode(claims().to_string()));
    let good = trust.p256.sign(&signed);
    // DER instead of fixed length, and r or s zero (CVE-2022-21449).
    let integer = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
    let der = [&[0x30, 70], &integer(&good[..32])[..], &integer(&good[32..])[..]].concat();
    for wrong in [der, vec![0; 64], [&[0; 32], &good[32..]].concat(), [&good[..32], &[0; 32]].concat(), vec![255; 64]] {
        trust.refuses(&format!("{signed}.{}", encode(wrong)), "bad_signature").await;
    }
}

#[tokio::test]
async fn a_key_in_the_token_or_behind_its_urls_is_never_used() {
    let trust = Trust::new();
    let stranger = Signer::p256("stranger");
    let certificate = BASE64_STANDARD.encode("a certificate");
    for more in [
        json!({"jwk": stranger.jwk()}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"x5u": "https://evil.example/certificate"}),
        json!({"x5c": [certificate]}),
        json!({"iss": "https://evil.example"}),
    ] {
        for (kid, reason) in [("stranger", "unknown_key"), ("ec-1", "bad_signature"), ("rsa-1", "wrong_algorithm")] {
            let mut header = json!({"alg": "ES256", "kid": kid});
            header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            trust.refuses(&stranger.token_of(&header, &claims().to_string()), reason).await;
        }
    }
}

#[tokio::test]
async fn a_key_id_only_ever_selects_one_of_the_issuers_keys() {
    let trust = Trust::new();
    for kid in [
        "../../../../dev/null",
        "https://evil.example/keys",
        "file:///etc/passwd",
        "ec-1\u{0}",
        "EC-1",
        " ec-1",
        "",
        "' OR '1'='1",
        "*",
    ] {
        let header = json!({"alg": "ES256", "kid": kid});
        trust.refuses(&trust.p256.token_of(&header, &claims().to_string()), "unknown_key").await;
    }
    for kid in [json!(7), json!(["ec-1"]), json!({"ec-1": 1})] {
        let header = json!({"alg": "ES256", "kid": kid});
        trust.refuses(&trust.p256.token_of(&header, &claims().to_string()), "malformed_token").await;
    }
}

#[tokio::test]
async fn a_malformed_token_is_rejected() {
    let trust = Trust::new();
    let good = trust.p256.token(&claims());
    let [header, payload, signature]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let encrypted = format!("{}.{payload}.{payload}.{payload}.{signature}", encode(r#"{"alg":"dir","enc":"A256GCM"}"#));
    let dots = format!("{good}.{signature}");
    let standard =
        format!("{}.{payload}.{signature}", BASE64_STANDARD.encode("{\"alg\":\"ES256\",\"kid\":\"\u{fff}\u{fff}\"}"));
    let long = format!("{header}.{}.{signature}", "A".repeat(9000));
    let halves = [format!("{header}.{payload}"), header.to_owned(), "..".to_owned(), ".".to_owned(), String::new()];
    for token in [&encrypted, &dots, &standard, &long, &format!("{good} ")].into_iter().chain(&halves) {
        trust.refuses(token, "malformed_token").await;
    }
    // A nested token: the inner claims are not the outer token's.
    let nested = json!({"alg": "ES256", "kid": "ec-1", "cty": "JWT"});
    trust.refuses(&trust.p256.token_of(&nested, &good), "bad_claim").await;
}

#[tokio::test]
async fn only_the_bearer_scheme_is_accepted_in_any_case() {
    let trust = Trust::new();
    let good = trust.p256.token(&claims());
    for scheme in ["Bearer", "bearer", "BEARER"] {
        // RFC 6750 and RFC 9110: one space or more.
        for spaces in [" ", "  ", "     "] {
            assert_eq!(at(&trust.authorizer, &format!("{scheme}{spaces}{good}"), NOW).await.as_deref(), Ok(ADA));
        }
    }
    for header in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        good.clone(),
        format!("Basic {good}"),
        format!("DPoP {good}"),
        format!("Bearer\t{good}"),
        format!("Bearer {good} "),
        format!(" Bearer {good}"),
        format!("Bearer \t{good}"),
        format!("Bearer: {good}"),
        format!("Bearer {good}, Bearer {good}"),
        format!("Basic eDp5, Bearer {good}"),
    ] {
        assert_eq!(at(&trust.authorizer, &header, NOW).await, Err("malformed_token"), "{header}");
    }
}
