package web

import (
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"slotfinder/internal/civil/zone"
)

// other is what everything counts as that no route of ours is.
const other = "other"

// call is how a route is called.
type call struct{ method, path string }

// metrics counts requests by route, so that nothing that a caller chooses becomes a
// label.
type metrics struct {
	routes   map[call]bool // the labels there are
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		routes:   map[call]bool{},
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "slotfinder_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(m.requests, tzdataInfo(), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// tzdataInfo tells which rules of time zones are used: always 1, the labels say it.
func tzdataInfo() prometheus.Collector {
	version, source := zone.InUse()
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "slotfinder_tzdata_info", Help: "The time zone data in use: its version and where it is from.",
		ConstLabels: prometheus.Labels{"version": version, "source": source},
	}, func() float64 { return 1 })
}

// know makes labels of a route.
func (m *metrics) know(method, path string) { m.routes[call{method, path}] = true }

func (m *metrics) count(now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := now()
			err := next(c)
			label := call{c.Request().Method, c.Path()}
			if !m.routes[label] {
				label = call{other, other}
			}
			m.requests.WithLabelValues(label.method, label.path, strconv.Itoa(c.Response().Status)).Observe(now().Sub(start).Seconds())
			return err
		}
	}
}

// Admin is the handler of the operator's own address: metrics and profiles. It
// must not be reachable from outside.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
