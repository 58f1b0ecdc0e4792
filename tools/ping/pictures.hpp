// SPDX-License-Identifier: MIT
#pragma once

// Reports that draw, around one that writes.

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include <portsock/program.hpp>
#include <tools/ping/course.hpp>
#include <tools/ping/report.hpp>

namespace portsock::tools {

/// Passes everything on, and keeps it.
class recorder : public report {
 public:
  explicit recorder(std::unique_ptr<report> within) : within_{std::move(within)} {}

  void opening(const subject& host, std::size_t size, icmp_access how) override {
    within_->opening(host, size, how);
  }
  void happened(const subject& host, const ping::event& what) override {
    kept_.add(host, what);
    if (within_->wants_events()) within_->happened(host, what);
  }
  void of_host(const subject& host, const result_of_host& outcome) override {
    within_->of_host(host, outcome);
  }
  void of_run(const result_of_run& outcome) override { within_->of_run(outcome); }
  void so_far(const subject& host, const result_of_host& outcome) override {
    within_->so_far(host, outcome);
  }
  void so_far(const result_of_run& outcome) override { within_->so_far(outcome); }
  bool wants_events() const override { return true; }
  ping::time_point due() const override { return within_->due(); }
  void tick(ping::time_point now) override { within_->tick(now); }

 protected:
  void keep(const subject& host, const ping::event& what) { kept_.add(host, what); }
  const recording& kept() const noexcept { return kept_; }

 private:
  std::unique_ptr<report> within_;
  recording kept_;
};

/// Draws on the terminal as it goes; without one, once at the end, in ASCII. `screen` tells what
/// `output` is shown on.
std::unique_ptr<report> make_plot(std::unique_ptr<report> within, std::ostream& output,
                                  std::function<std::optional<program::terminal>()> screen);

/// Writes an SVG document to `file` at the end.
std::unique_ptr<report> make_picture(std::unique_ptr<report> within, std::ostream& file);

/// That document.
std::string pictured(const recording& kept);

}  // namespace portsock::tools
