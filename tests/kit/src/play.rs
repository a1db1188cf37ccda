//! Plays the acts of a behaviour on one connection.

use std::io;

use serde_json::{Value, json};

use crate::{
    behaviour::{Act, agent},
    wire::{self, Connection},
};

/// Plays `acts` for a request of `path`; returns the connection if another request may follow on it.
pub(crate) async fn play(mut connection: Connection, path: &str, acts: &[Act]) -> io::Result<Option<Connection>> {
    for act in acts {
        match act {
            Act::Good => connection.send(&good(path, &[])).await?,
            Act::GoodWith(name, value) => connection.send(&good(path, &[(name, value)])).await?,
            Act::Wait(time) => tokio::time::sleep(*time).await,
            Act::Gather(barrier) => {
                barrier.wait().await;
            }
            Act::Send(bytes) => connection.send(bytes).await?,
            Act::SendForever(bytes, every) => loop {
                connection.send(bytes).await?;
                tokio::time::sleep(*every).await;
            },
            Act::Hang => {
                connection.until_closed().await;
                return Ok(None);
            }
            Act::Close => return Ok(None),
            Act::Reset => {
                connection.reset();
                return Ok(None);
            }
        }
    }
    Ok(Some(connection))
}

fn good(path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let headers = [&[("Content-Type", "application/json")], more].concat();
    wire::answer(200, &headers, good_body(path).to_string().as_bytes())
}

/// The contract's answer for a path of the Agent Generator.
fn good_body(path: &str) -> Value {
    let bodies: [(&str, Value); 5] = [
        (
            "/api/decompose-description",
            json!({"success": true, "type": "instructions", "steps": ["Read it", "Say it"]}),
        ),
        ("/api/generate-agent", json!({"success": true, "agent_json": agent()})),
        ("/api/update-agent", json!({"success": true, "agent_json": agent()})),
        ("/api/blocks", json!({"success": true, "blocks": [{"id": "b1", "name": "Block 1"}]})),
        ("/health", json!({"status": "healthy", "blocks_loaded": true})),
    ];
    bodies
        .into_iter()
        // A generator may live under a prefix of its own.
        .find(|(end, _)| path.ends_with(end))
        .map_or_else(|| json!({"success": false, "error": "no such path"}), |(_, body)| body)
}
