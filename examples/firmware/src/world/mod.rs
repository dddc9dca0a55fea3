//! What is at the other ends of the wires: two chips, a modem, three browsers. No firmware: the clock's interrupt steps it each
//! millisecond.

mod browser;
mod chip;
mod modem;

use core::cell::RefCell;

use critical_section::Mutex;
use semihosting::println;

use crate::wire;
use browser::Browser;
use chip::Chip;
use modem::Modem;

struct World {
    chips: [Chip; 2],
    modem: Modem,
    browsers: [Browser; 3],
}

static WORLD: Mutex<RefCell<World>> = Mutex::new(RefCell::new(World {
    chips: [Chip::new(3), Chip::new(4)],
    modem: Modem::new(),
    browsers: [
        Browser::new(&["GET /", "GET /flash", "POST /x"]),
        Browser::new(&["GET /a", "GET /b"]),
        Browser::new(&["PUT /q"]),
    ],
}));

pub(crate) fn step() {
    critical_section::with(|cs| {
        let mut world = WORLD.borrow_ref_mut(cs);
        for (chip, wire) in world.chips.iter_mut().zip(&wire::SENSORS) {
            chip.step(wire);
        }
        world.modem.step(&wire::MODEM);
        for (browser, wire) in world.browsers.iter_mut().zip(&wire::CLIENTS) {
            browser.step(wire);
        }
    });
}

/// Prints what the world has seen.
pub(crate) fn tell() {
    critical_section::with(|cs| {
        let world = WORLD.borrow_ref(cs);
        for browser in &world.browsers {
            println!("browser: {} bytes, {:08x}", browser.received, browser.hash);
        }
        println!("modem: {} lines", world.modem.lines);
    });
}
