// SPDX-License-Identifier: MIT
#include <chrono>
#include <utility>

#include <tools/ping/pictures.hpp>
#include <tools/ping/plot.hpp>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;

/// An eye sees no more, and a line to another continent carries no more.
constexpr auto between_frames = 100ms;

// Control sequences of ECMA-48 and of xterm (invisible-island.net/xterm/ctlseqs). A screen of its
// own makes every size a frame of its own: nothing that was drawn before wraps or scrolls.
constexpr std::string_view begin =
    "\x1b[?1049h\x1b[?25l\x1b[?7l";  // screen, no cursor, no wrapping
constexpr std::string_view end = "\x1b[?7h\x1b[?25h\x1b[?1049l";
// Shown at once by terminals that know it, and ignored by others.
constexpr std::string_view begin_frame = "\x1b[?2026h";
constexpr std::string_view end_frame = "\x1b[?2026l";

class plot final : public recorder {
 public:
  plot(std::unique_ptr<report> within, std::ostream& output,
       std::function<std::optional<program::terminal>()> screen)
      : recorder{std::move(within)},
        output_{output},
        screen_{std::move(screen)},
        is_live_{screen_().has_value()} {}
  ~plot() override { leave(); }

  void opening(const subject& host, std::size_t size, icmp_access how) override {
    if (!is_live_) recorder::opening(host, size, how);
  }
  void happened(const subject& host, const ping::event& what) override {
    if (!is_live_) return recorder::happened(host, what);
    keep(host, what);
    if (due_ == never) due_ = last_ + between_frames;
    if (what.kind == ping::event::what::lost) return;  // it happened a while ago
    if (what.at >= due_) tick(what.at);
  }
  ping::time_point due() const override { return is_live_ ? due_ : recorder::due(); }
  void tick(ping::time_point now) override {
    if (!is_live_) return recorder::tick(now);
    // The next one shows another size, if nothing else.
    due_ = now + 1s;
    last_ = now;
    if (const auto where = screen_()) draw(*where);
  }
  void of_host(const subject& host, const result_of_host& outcome) override {
    leave();
    recorder::of_host(host, outcome);
  }
  void of_run(const result_of_run& outcome) override {
    leave();
    recorder::of_run(outcome);
    auto where = screen_().value_or(program::terminal{});
    where.rows = 24;
    std::string text = "\n";
    for (const auto& line : plotted(kept(), where)) text += line + '\n';
    output_ << text << std::flush;
  }

 private:
  static constexpr auto never = (ping::time_point::max)();

  void draw(const program::terminal& where) {
    // In one piece, each line over the one before: nothing is ever seen empty.
    std::string frame{has_begun_ ? "" : begin};
    has_begun_ = true;
    frame += begin_frame;
    unsigned row = 1;
    for (const auto& line : plotted(kept(), where)) {
      if (row > where.rows) break;
      frame += "\x1b[" + std::to_string(row++) + ";1H" + line + "\x1b[K";
    }
    // What is left below of a longer frame.
    if (row <= where.rows) frame += "\x1b[" + std::to_string(row) + ";1H\x1b[J";
    frame += end_frame;
    output_ << frame << std::flush;
  }
  void leave() {
    if (std::exchange(has_begun_, false)) output_ << end << std::flush;
  }

  std::ostream& output_;
  std::function<std::optional<program::terminal>()> screen_;
  bool is_live_;
  bool has_begun_ = false;
  ping::time_point due_ = never;
  ping::time_point last_{};
};

}  // namespace

std::unique_ptr<report> make_plot(std::unique_ptr<report> within, std::ostream& output,
                                  std::function<std::optional<program::terminal>()> screen) {
  return std::make_unique<plot>(std::move(within), output, std::move(screen));
}

}  // namespace portsock::tools
