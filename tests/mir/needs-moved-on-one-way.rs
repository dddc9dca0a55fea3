//! Done: the bytes are free on the way on which the value has moved away, and kept on the other.
//@ edition: 2024

pub async fn shown(choice: bool) -> u8 {
    let text = make();
    let length = look(&text);
    if choice {
        drop(text);
        wait().await;
        length
    } else {
        wait().await;
        look(&text)
    }
}

fn make() -> String {
    String::new()
}

fn look(text: &String) -> u8 {
    text.len() as u8
}

async fn wait() {}
