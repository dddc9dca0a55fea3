//! Some frames of a user interface with a pointer and a keyboard, and sums of all that would be drawn.

use egui::epaint::{Primitive, Vertex};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Ui, Vec2};

#[derive(Default)]
struct State {
    name: String,
    amount: f32,
    checked: bool,
    clicks: u32,
    choice: usize,
}

fn show(ui: &mut Ui, state: &mut State) {
    ui.heading("Snug, headless");
    ui.horizontal(|ui| {
        ui.label("name");
        ui.text_edit_singleline(&mut state.name).request_focus();
    });
    ui.add(egui::Slider::new(&mut state.amount, 0.0..=10.0).text("amount"));
    ui.checkbox(&mut state.checked, "checked");
    if ui.button("click").clicked() {
        state.clicks += 1;
    }
    ui.collapsing("more", |ui| {
        for (number, text) in ["one", "two", "three"].into_iter().enumerate() {
            ui.radio_value(&mut state.choice, number, text);
        }
    });
    egui::Grid::new("grid").striped(true).show(ui, |ui| {
        for row in 0..12 {
            for column in 0..5 {
                ui.monospace(format!("{:.3}", ((row * 5 + column) as f32 * 0.31).sin()));
            }
            ui.end_row();
        }
    });
    egui::ScrollArea::vertical().max_height(80.0).show(ui, |ui| {
        for line in 0..100 {
            ui.label(format!("line {line} of many, with a λ and an é"));
        }
    });
    ui.painter().circle_stroke(Pos2::new(300.0, 40.0), 20.0 + state.amount, (1.5, egui::Color32::RED));
}

fn input(frame: u32) -> RawInput {
    let at = Pos2::new(20.0 + frame as f32 * 2.0, 20.0 + frame as f32 * 6.0);
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let key = |key, pressed| Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let mut events = vec![Event::PointerMoved(at)];
    match frame % 5 {
        1 => events.push(button(true)),
        2 => events.push(button(false)),
        3 => events.push(Event::Text(format!("{frame}é"))),
        4 if frame % 10 == 9 => events.extend([key(Key::Backspace, true), key(Key::Backspace, false)]),
        _ => {}
    }
    RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(640.0, 480.0))),
        time: Some(f64::from(frame) / 60.0),
        events,
        ..RawInput::default()
    }
}

fn mix(sum: u64, value: u32) -> u64 {
    (sum.rotate_left(7) ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn main() {
    let context = egui::Context::default();
    let mut state = State { choice: 1, ..State::default() };
    for frame in 0..60 {
        let mut output = context.run_ui(input(frame), |ui| show(ui, &mut state));
        let textures = output.textures_delta.set.len();
        output.textures_delta.clear();
        let drawn = context.tessellate(output.shapes, output.pixels_per_point);
        let (mut sum, mut vertices, mut indices) = (0, 0, 0);
        for primitive in &drawn {
            let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
            vertices += mesh.vertices.len();
            indices += mesh.indices.len();
            for Vertex { pos, uv, color } in &mesh.vertices {
                let parts = [pos.x, pos.y, uv.x, uv.y].map(f32::to_bits);
                sum = parts.into_iter().fold(sum, mix);
                sum = mix(sum, u32::from_le_bytes(color.to_array()));
            }
        }
        println!("{frame}: {} meshes, {vertices} vertices, {indices} indices, {textures} textures, {sum:016x}", drawn.len());
    }
    println!("{:?} {} {} {} {}", state.name, state.amount, state.checked, state.clicks, state.choice);
}
