#![allow(clippy::print_stdout)]
use generator::Builtin;
use serde_json::value::to_raw_value;
use std::io::Write;
use std::time::Instant;
fn main() {
    let only = std::env::args().nth(1);
    for pattern in [
        "a",
        "\"",
        "'a ",
        "and ",
        "if ",
        "read ",
        "\u{0}",
        "\u{202e}",
        "漢字",
        "summarise each of ",
        "https://a.b ",
        "every day at ",
        "{{",
        "step 1 ",
        "Slack, ",
        "1. ",
    ] {
        let n: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(5000);
        let text: String = pattern.chars().cycle().take(n).collect();
        let b = Builtin::new();
        print!("{pattern:?} ");
        std::io::stdout().flush().ok();
        if only.as_deref() != Some("patch") {
            let t = Instant::now();
            let r = b.decompose_now(&text, Some(&text));
            print!("decompose {:.2?} {} ", t.elapsed(), r.is_ok());
            std::io::stdout().flush().ok();
        }
        let agent: serde_json::Value = serde_json::from_str(r#"{"name":"x","description":"d","nodes":[{"id":"a","block_id":"363ae599-353e-4804-937e-b2ee3cef3da4","input_default":{"name":"S"}}],"links":[]}"#).unwrap();
        if only.as_deref() != Some("decompose") {
            let t = Instant::now();
            let r = b.patch_now(&text, &to_raw_value(&agent).unwrap());
            println!("patch {:.2?} {}", t.elapsed(), r.is_ok());
        } else {
            println!()
        }
    }
}
