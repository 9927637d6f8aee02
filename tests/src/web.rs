//! A web server for tests, one request after the other.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Listens until the test ends; its address. `answer` gets the request's head in lower case, and its body; `None`
/// is "not found".
pub fn listen(mut answer: impl FnMut(&str, &[u8]) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            let (head, body) = loop {
                let read = stream.read(&mut buffer).unwrap();
                assert!(read > 0, "a whole request");
                request.extend_from_slice(&buffer[..read]);
                let Some(head) = request.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
                let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
                let length =
                    text.split("content-length:").nth(1).and_then(|rest| rest.split_whitespace().next());
                let length = length.map_or(0, |length| length.parse().unwrap());
                if request.len() >= head + 4 + length {
                    break (text, request[head + 4..].to_vec());
                }
            };
            let answer = answer(&head, &body);
            let status = if answer.is_some() { "200 OK" } else { "404 Not Found" };
            let body = answer.unwrap_or_default();
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            // Who no longer waits for the answer has gone.
            _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    url
}
