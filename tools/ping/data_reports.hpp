// SPDX-License-Identifier: MIT
#pragma once

// Reports for programs. What they hold is documented in sockping(1), and tested.

#include <tools/ping/report.hpp>

namespace portsock::tools {

/// One JSON object a line (RFC 8259): one for each event, one for each host, one at the end.
class json_report final : public report {
 public:
  json_report(const ping_options& options, std::ostream& output)
      : options_{options}, output_{output} {}

  void opening(const subject& host, std::size_t size, icmp_access how) override;
  void happened(const subject& host, const ping::event& what) override;
  void of_host(const subject& host, const result_of_host& outcome) override;
  void of_run(const result_of_run& outcome) override;
  void so_far(const subject& host, const result_of_host& outcome) override;
  void so_far(const result_of_run& outcome) override;
  bool wants_events() const override { return !options_.quiet; }

 private:
  const ping_options& options_;
  std::ostream& output_;
};

/// A header, and a row for each event (RFC 4180, but with plain line feeds).
class csv_report final : public text_report {
 public:
  csv_report(const ping_options& options, std::ostream& output, std::ostream& log);

  void opening(const subject&, std::size_t, icmp_access) override {}
  void happened(const subject& host, const ping::event& what) override;
  void of_host(const subject&, const result_of_host&) override {}
};

}  // namespace portsock::tools
