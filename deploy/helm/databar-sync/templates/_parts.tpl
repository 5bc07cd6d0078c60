{{/* The parts. The containers are those of deploy/kubernetes. */}}

{{- define "databar-sync.labels" -}}
app.kubernetes.io/name: databar-sync
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Where the daemon reads definitions. */}}
{{- define "databar-sync.directory" -}}
{{- if .Values.git.repository -}}
/definitions/current/{{ .Values.git.path }}
{{- else -}}
/definitions
{{- end }}
{{- end }}

{{- define "databar-sync.container" -}}
- name: databar-sync
  image: {{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
  args: [run]
  env:
    - name: DATABAR_SYNC_DIR
      value: {{ include "databar-sync.directory" . | quote }}
    - name: DATABAR_SYNC_STATE_DIR
      value: /var/lib/databar-sync
    - name: DATABAR_SYNC_SECRETS_DIR
      value: /secrets/connectors
    - name: DATABAR_API_KEY_FILE
      value: /secrets/databar-sync/api-key
    - name: DATABAR_SYNC_TRIGGER_TOKEN_FILE
      value: /secrets/databar-sync/trigger-token
    # Probes come from outside of the pod.
    - name: DATABAR_SYNC_LISTEN
      value: 0.0.0.0:8700
    {{- range $name, $value := .Values.settings }}
    - name: {{ $name }}
      value: {{ $value | quote }}
    {{- end }}
  ports:
    - name: databar-sync
      containerPort: 8700
  # The first pass may take its time: 10 writes a second, and an API that may be slow or away.
  startupProbe:
    httpGet:
      path: /startupz
      port: databar-sync
    periodSeconds: 5
    failureThreshold: 120
  livenessProbe:
    httpGet:
      path: /healthz
      port: databar-sync
    periodSeconds: 20
    timeoutSeconds: 5
  readinessProbe:
    httpGet:
      path: /readyz
      port: databar-sync
    timeoutSeconds: 5
  resources: {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: definitions
      mountPath: /definitions
      readOnly: true
    - name: state
      mountPath: /var/lib/databar-sync
    - name: own-secrets
      mountPath: /secrets/databar-sync
      readOnly: true
    - name: connector-secrets
      mountPath: /secrets/connectors
      readOnly: true
{{- end }}

{{- define "databar-sync.git-sync" -}}
- name: git-sync
  image: {{ .Values.git.image | quote }}
  env:
    - name: GITSYNC_REPO
      value: {{ .Values.git.repository | quote }}
    - name: GITSYNC_REF
      value: {{ .Values.git.ref | quote }}
    # For a private repository: a Secret with these two entries.
    - name: GITSYNC_USERNAME
      valueFrom:
        secretKeyRef:
          name: {{ .Values.git.credentialsSecret | quote }}
          key: username
          optional: true
    - name: GITSYNC_PASSWORD
      valueFrom:
        secretKeyRef:
          name: {{ .Values.git.credentialsSecret | quote }}
          key: password
          optional: true
    - name: GITSYNC_ROOT
      value: /definitions
    - name: GITSYNC_LINK
      value: current
    - name: GITSYNC_PERIOD
      value: {{ .Values.git.period | quote }}
    # An outage of git is waited for; the daemon keeps what it has.
    - name: GITSYNC_MAX_FAILURES
      value: '-1'
    # Asks for a pass as soon as the link has moved. git-sync can give a token only in the address, and writes the
    # address into its log: whoever reads that can ask for a pass, and do no more with it.
    - name: TRIGGER_TOKEN
      valueFrom:
        secretKeyRef:
          name: {{ .Values.secret | quote }}
          key: trigger-token
    - name: GITSYNC_WEBHOOK_URL
      value: http://git-sync:$(TRIGGER_TOKEN)@127.0.0.1:8700/api/sync
  resources: {{- toYaml .Values.git.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: definitions
      mountPath: /definitions
    - name: git-sync-tmp
      mountPath: /tmp
{{- end }}
