//! Done: storage begins anew where the variable gets another value.
//@ edition: 2024

pub async fn shown(turns: u8) -> u8 {
    let mut text = make();
    let mut sum = 0;
    for _ in 0..turns {
        sum += look(&text);
        drop(text);
        wait().await;
        text = make();
    }
    sum + look(&text)
}

fn make() -> String {
    String::new()
}

fn look(text: &String) -> u8 {
    text.len() as u8
}

async fn wait() {}
