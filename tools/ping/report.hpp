// SPDX-License-Identifier: MIT
#pragma once

// What sockping prints, in one of its formats.

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>

#include <tools/ping/ping.hpp>
#include <tools/ping/statistics.hpp>
#include <tools/ping/words.hpp>

namespace portsock::tools {

/// A host, as far as a report wants to know.
struct subject {
  std::string name;  ///< as the user called it
  ip_address address;
};

/// The numbers of one host or of all of them.
struct result_of_host {
  const statistics& numbers;
  const histogram* spread;  ///< nothing where there are too many hosts to keep it
};

/// What happened on the whole.
struct result_of_run {
  const statistics& numbers;
  const histogram& spread;
  std::size_t hosts = 0;
  std::size_t answered = 0;
  /// Whether the numbers hold that depend on the order of each host's rounds.
  bool in_order = true;
};

/// Each function writes whole lines, and hands them on at once.
class report {
 public:
  virtual ~report() = default;
  virtual void opening(const subject& host, std::size_t size, icmp_access how) = 0;
  /// Anything but that a request was sent.
  virtual void happened(const subject& host, const ping::event& what) = 0;
  virtual void of_host(const subject& host, const result_of_host& outcome) = 0;
  virtual void of_run(const result_of_run& outcome) = 0;
  /// Somebody wants to know how it goes: each host, or all where there are too many.
  virtual void so_far(const subject& host, const result_of_host& outcome) = 0;
  virtual void so_far(const result_of_run& outcome) = 0;
  /// Whether happened() is to be called at all: naming 65,000 hosts takes time.
  virtual bool wants_events() const = 0;
  /// When it wants to be called without an event, and that call.
  virtual ping::time_point due() const { return (ping::time_point::max)(); }
  virtual void tick(ping::time_point) {}
};

/// All must outlive the report. What is wanted in between goes to `log`, so that `output` stays
/// what it is to be; in JSON it is an event like any other.
std::unique_ptr<report> make_report(const ping_options& options, std::ostream& output,
                                    std::ostream& log);

/// Text that reads like ping's, and that ping's readers can parse.
class text_report : public report {
 public:
  text_report(const ping_options& options, std::ostream& output, std::ostream& log)
      : options_{options}, output_{output}, log_{log} {}

  void opening(const subject& host, std::size_t size, icmp_access how) override;
  void happened(const subject& host, const ping::event& what) override;
  void of_host(const subject& host, const result_of_host& outcome) override;
  void of_run(const result_of_run&) override {}
  void so_far(const subject& host, const result_of_host& outcome) override;
  void so_far(const result_of_run& outcome) override;
  bool wants_events() const override { return !options_.quiet; }

 protected:
  void begin_line();

  const ping_options& options_;
  std::ostream& output_;
  std::ostream& log_;

 private:
  void flooded(const ping::event& what);
};

}  // namespace portsock::tools
