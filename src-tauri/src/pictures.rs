//! Pictures of pages for the window, addressed by id and width: `saoy://localhost/page/<id>?w=&turns=&look=`
//! for a page on a desk, `saoy://localhost/prepared/<id>/<page>?w=` for bytes that wait to be signed.

use saoy_core::app::contract::ErrorKind;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, UriSchemeContext, UriSchemeResponder, Wry};

use crate::shell::Shell;

/// Answers off the window's thread.
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let shell = context.app_handle().state::<Shell>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || responder.respond(answer(&shell, &request)));
}

fn answer(shell: &Shell, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let word = |name: &str| {
        let pairs = request.uri().query().unwrap_or_default().split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let number = |name: &str| word(name)?.parse::<u32>().ok();
    let width = number("w").unwrap_or(240);
    let turns = u8::try_from(number("turns").unwrap_or(0) % 4).unwrap_or(0);
    let path = request.uri().path();
    let prepared = path.strip_prefix("/prepared/").and_then(|rest| rest.split_once('/'));
    let drawn = match prepared {
        Some((id, page)) => {
            shell.app().and_then(|app| app.prepared_picture(id, page.parse().unwrap_or(u32::MAX), width))
        }
        None => {
            let (id, look) =
                (path.strip_prefix("/page/").unwrap_or_default(), word("look").unwrap_or_default());
            shell.app().and_then(|app| app.page_picture(id, width, turns, look))
        }
    };
    let (status, body) = match drawn {
        Ok(bytes) => (StatusCode::OK, bytes),
        Err(error) if error.kind == ErrorKind::NotFound => (StatusCode::NOT_FOUND, Vec::new()),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/jpeg"));
    // An id with a width, a turn and edits is always the same picture: originals never change. One that
    // could not be drawn may be drawn the next time.
    let keep = if status == StatusCode::OK { "private, max-age=86400, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(keep));
    response
}
