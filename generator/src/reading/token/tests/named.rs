use super::{hold, tokens};

#[test]
fn addresses_and_names_are_values() {
    hold(&[
        ("https://example.com/feed.xml, then", "url(https://example.com/feed.xml) COMMA then"),
        ("(see http://example.com/a_(b)).", "OPEN see url(http://example.com/a_(b)) CLOSE STOP"),
        ("<https://example.com/x>", "OTHER url(https://example.com/x) OTHER"),
        ("HTTPS://Example.com/?q=1&r=2#top!", "url(HTTPS://Example.com/?q=1&r=2#top) STOP"),
        ("www.example.org.", "url(https://www.example.org) STOP"),
        ("example.com/pricing?x=1", "url(https://example.com/pricing?x=1)"),
        ("monday.com or booking.com", "url(https://monday.com) or url(https://booking.com)"),
        ("localhost:8080/health", "url(http://localhost:8080/health)"),
        ("postgres://db.example.com/shop", "url(postgres://db.example.com/shop)"),
        ("[docs](https://example.com/docs)", "OPEN docs CLOSE OPEN url(https://example.com/docs) CLOSE"),
        ("from:https://example.com", "from COLON url(https://example.com)"),
        (
            "bob@example.com, amy.b+x@mail.example.co.uk",
            "email(bob@example.com) COMMA email(amy.b+x@mail.example.co.uk)",
        ),
        ("mail to:bob@example.com!", "mail to COLON email(bob@example.com) STOP"),
        ("<bob@example.com>", "OTHER email(bob@example.com) OTHER"),
        ("to #general and #team-news.", "to channel(#general) and channel(#team-news) STOP"),
        ("issue #12", "issue OTHER number(12)"),
        ("ask @amy and @bob_2", "ask handle(@amy) and handle(@bob_2)"),
        ("r/rust and /r/learnrust", "subreddit(rust) and subreddit(learnrust)"),
        ("POST /support-tickets", "post path(/support-tickets)"),
        ("GET /api/v1/users/{id}", "get path(/api/v1/users) OTHER placeholder(id)"),
        ("the token x1y2z3", "the token x1y2z3"),
        ("sheet 1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "sheet identifier(1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789)"),
        ("id 3f2c1d4e-aaaa-4bbb-8ccc-0123456789ab", "id identifier(3f2c1d4e-aaaa-4bbb-8ccc-0123456789ab)"),
        ("chat -1001234567890 or 987654321", "chat identifier(-1001234567890) or identifier(987654321)"),
        ("channel C0123ABCDEF", "channel identifier(C0123ABCDEF)"),
        ("internationalisation-of-everything", "internationalisation-of-everything"),
    ]);
}

#[test]
fn a_product_that_is_called_by_its_domain_can_be_told_by_its_own_text() {
    let text = "read monday.com";
    assert_eq!(tokens(text)[1].raw(text), "monday.com");
}

#[test]
fn a_repository_is_told_from_words_with_a_slash() {
    hold(&[
        ("issues of acme-corp/backend", "issues of repository(acme-corp/backend)"),
        ("watch facebook/react for new releases", "watch repository(facebook/react) for new releases"),
        ("the repo tokio-rs/axum.", "the repo repository(tokio-rs/axum) STOP"),
        ("GitHub issues/bugs", "github issues OTHER bugs"),
        (
            "GitHub issues and news/weather of the day for all of us",
            "github issues and repository(news/weather) of the day for all of us",
        ),
        ("follow-up/check-in with the client", "follow-up OTHER check-in with the client"),
        ("yes/no", "yes OTHER no"),
        ("a/b/c in the code", "a OTHER b OTHER c in the code"),
        ("1/2 of it", "number(1) OTHER number(2) of it"),
    ]);
}

#[test]
fn quoted_texts_are_one_value_in_all_usual_marks() {
    hold(&[
        ("say \"hello there\"", "say quoted(hello there)"),
        ("say 'hello'", "say quoted(hello)"),
        ("say “hello”, ‘hi’", "say quoted(hello) COMMA quoted(hi)"),
        ("„hallo“ and »hei« and « salut »", "quoted(hallo) and quoted(hei) and quoted(salut)"),
        ("run `make test`", "run quoted(make test)"),
        ("```\nlet x = 1;\n```", "quoted(let x = 1;)"),
        ("「要約」『本』", "quoted(要約) quoted(本)"),
        ("\"first line\nit's the second\"", "quoted(first line\nit's the second)"),
        ("'it's the team's' plan", "quoted(it's the team's) plan"),
        ("rock 'n' roll 'til noon", "rock OTHER n roll OTHER til time(12:00)"),
        ("a 5\" screen and \"big\" text", "a number(5) OTHER screen and quoted(big) text"),
        ("he said \"no and left", "he said OTHER no and left"),
        ("\"one \"big\" day", "OTHER one quoted(big) day"),
        ("\"with a price of 5\" here", "quoted(with a price of 5) here"),
        ("(\"a b\"), \"c\"!", "OPEN quoted(a b) CLOSE COMMA quoted(c) STOP"),
        ("subject:\"New order\"", "subject COLON quoted(New order)"),
        ("\"\" and ''", "OTHER OTHER and OTHER OTHER"),
    ]);
}

#[test]
fn what_is_to_be_put_in_is_a_placeholder() {
    hold(&[
        ("dear [name],", "dear placeholder(name) COMMA"),
        ("about {topic} and {{ company name }}", "about placeholder(topic) and placeholder(company name)"),
        ("answer <message> with ${reply}", "answer placeholder(message) with placeholder(reply)"),
        ("into [your database]", "into placeholder(your database)"),
        ("if a < b and c > d", "if a OTHER b and c ARROW d"),
        ("{\"a\": 1}", "OPEN quoted(a) COLON number(1) CLOSE"),
        ("see [1]", "see OPEN number(1) CLOSE"),
    ]);
}
